using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.Foundation.Store;

/// <summary>The section <c>Store</c>: the PostgreSQL database for log and documents.</summary>
public static class StoreSection
{
    /// <summary>The configuration path of the store's connection string.</summary>
    public const string Path = "Store:ConnectionString";

    /// <summary>Reads the connection string.</summary>
    /// <returns>Empty if it is missing or PostgreSQL's client can't use it, which adds a fault.</returns>
    public static string Read(IConfiguration configuration, List<Fault> faults)
    {
        var text = configuration[Path];
        if (string.IsNullOrWhiteSpace(text))
            faults.Add(new Fault(Path, "The configuration names no store.", ConnectionText.WayOut));
        else if (ConnectionText.FaultOf(Path, text) is { } fault)
            faults.Add(fault);
        else
            return text;
        return "";
    }

    /// <summary>Reads the connection string.</summary>
    /// <exception cref="FaultException">It is missing, or PostgreSQL's client can't use it.</exception>
    public static string Require(IConfiguration configuration)
    {
        var faults = new List<Fault>();
        var text = Read(configuration, faults);
        return faults.Count == 0 ? text : throw new FaultException(faults);
    }
}
