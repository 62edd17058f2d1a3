using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.Cli;

/// <summary>The store named in the configuration.</summary>
internal static class StoreConnection
{
    public const string Path = "Store:ConnectionString";

    /// <summary>The faults of the connection string; empty if it has none.</summary>
    public static IReadOnlyList<Fault> Faults(IConfiguration configuration)
    {
        try
        {
            _ = Of(configuration);
            return [];
        }
        catch (FaultException exception)
        {
            return exception.Faults;
        }
    }

    /// <exception cref="FaultException">
    /// The configuration names no store, or one that PostgreSQL's client can't parse.
    /// </exception>
    public static string Of(IConfiguration configuration)
    {
        if (configuration[Path] is not { Length: > 0 } connection)
            throw new FaultException(
                new Fault(
                    Path,
                    "The configuration names no store.",
                    "Give Npgsql's connection string of the PostgreSQL database for log and documents."
                )
            );
        return ConnectionText.FaultOf(Path, connection) is { } fault ? throw new FaultException(fault) : connection;
    }
}
