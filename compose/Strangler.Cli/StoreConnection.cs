using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.Foundation.Faults;

namespace Strangler.Cli;

/// <summary>The store that the configuration names.</summary>
internal static class StoreConnection
{
    public const string Path = "Store:ConnectionString";

    /// <exception cref="FaultException">It names none, or one that PostgreSQL's client cannot read.</exception>
    public static string Of(IConfiguration configuration)
    {
        if (configuration[Path] is not { Length: > 0 } connection) throw new FaultException(new Fault(Path, "The configuration names no store.", "Give Npgsql's connection string of the PostgreSQL database that is to hold log and documents."));
        try
        {
            _ = new NpgsqlConnectionStringBuilder(connection);
            return connection;
        }
        catch (ArgumentException exception)
        {
            throw new FaultException(new Fault(Path, $"It is not a connection string: {exception.Message.TrimEnd('.')}.", "Write it as 'Host=…;Port=…;Username=…;Password=…;Database=…'."), exception);
        }
    }

    public static NpgsqlDataSource Open(IConfiguration configuration) => NpgsqlDataSource.Create(Of(configuration));

    /// <summary>For look-ups: they leave nothing behind in a session, so that the pool need not clean it for the next, which costs as much as the look-up.</summary>
    public static NpgsqlDataSource OpenForLookups(IConfiguration configuration) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Of(configuration)) { NoResetOnClose = true, ApplicationName = "strangler lookup" });
}
