using System.ComponentModel;
using System.Diagnostics;
using Npgsql;
using Strangler.Demo.Postgres;
using Xunit;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>PostgreSQL's own client, as the recordings used it: each statement is a transaction of its own.</summary>
internal static class Psql
{
    public static async Task RunAsync(SourceDatabase source, string sql)
    {
        var address = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        var start = new ProcessStartInfo(
            PostgresPrograms.Find() is { } programs ? Path.Combine(programs.Directory, "psql") : "psql",
            ["-qXAt", "-v", "ON_ERROR_STOP=1"]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["PGHOST"] = address.Host,
                ["PGPORT"] = $"{address.Port}",
                ["PGUSER"] = address.Username,
                ["PGPASSWORD"] = address.Password,
                ["PGDATABASE"] = address.Database,
                ["PGCLIENTENCODING"] = "UTF8",
            },
        };
        using var psql = Started(start);
        var (output, error) = (psql.StandardOutput.ReadToEndAsync(), psql.StandardError.ReadToEndAsync());
        await psql.StandardInput.WriteAsync(sql);
        psql.StandardInput.Close();
        await psql.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output;
        var said = await error;
        Assert.True(psql.ExitCode == 0, said);
    }

    private static Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("psql, PostgreSQL's client, isn't installed.");
            throw;
        }
    }
}
