using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.Cli;

/// <summary>The store that the configuration names.</summary>
internal static class StoreConnection
{
    public const string Path = "Store:ConnectionString";

    /// <summary>What is wrong with what it names; none where nothing is.</summary>
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

    /// <exception cref="FaultException">It names none, or one that PostgreSQL's client cannot read.</exception>
    public static string Of(IConfiguration configuration)
    {
        if (configuration[Path] is not { Length: > 0 } connection)
            throw new FaultException(
                new Fault(
                    Path,
                    "The configuration names no store.",
                    "Give Npgsql's connection string of the PostgreSQL database that is to hold log and documents."
                )
            );
        return ConnectionText.FaultOf(Path, connection) is { } fault ? throw new FaultException(fault) : connection;
    }
}
