using System.Diagnostics;
using Npgsql;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests;

/// <summary>Measures, and asserts no time: run by name, with <c>-explicit only</c>.</summary>
public sealed class EmbeddedThroughput(PostgresFixture postgres)
{
    private const int Batches = 100;
    private const int Rows = 2_000;

    [Fact(Explicit = true)]
    public async Task Log_BatchesOf2000RowsOf300Bytes_IsAppendedAndReadAt()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var store = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("log"));
        await StoreMigration.MigrateAsync(store, [EmbeddedLogSchema.Value], cancel);
        await using var log = new EmbeddedChangeLog(store, new EmbeddedLogOptions(), TimeProvider.System);
        await using var appender = await log.OpenAppenderAsync("shop", cancel);
        var appends = Enumerable.Range(1, Batches).Select(batch => Whole((ulong)batch * 8, Rows, bytes: 300)).ToList();

        var watch = Stopwatch.StartNew();
        foreach (var append in appends)
            await appender.AppendAsync(append, cancel);
        var appended = watch.Elapsed;
        watch.Restart();
        var read = 0;
        for (var after = Position.Start; after < appender.End; )
        {
            var page = (await log.ReadAsync("shop", after, LogReadLimit.Default, cancel)).OrThrow();
            read += page.Records.Count;
            after = page.Through;
        }
        var wasRead = watch.Elapsed;

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"append {Batches * Rows / appended.TotalSeconds:N0} rows/s, read {read / wasRead.TotalSeconds:N0} "
                + $"rows/s, load {await File.ReadAllTextAsync("/proc/loadavg", cancel)}"
        );
        Assert.Equal(Batches * Rows, read);
    }
}
