using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.Foundation.Store;

/// <summary>The section <c>Store</c>: the PostgreSQL database for log and documents.</summary>
public static class StoreSection
{
    /// <summary>The configuration path of the store's connection string.</summary>
    public const string Path = "Store:ConnectionString";

    /// <summary>The configuration path of a part's own login, with only the rights that it needs.</summary>
    public static string PathOf(string part) => $"Store:{part}ConnectionString";

    /// <summary>Reads the connection string.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="faults">Gets what is wrong.</param>
    /// <param name="part">The part whose own login counts, if there is one.</param>
    /// <returns>Empty if it is missing or PostgreSQL's client can't use it, which adds a fault.</returns>
    public static string Read(IConfiguration configuration, List<Fault> faults, string part = "")
    {
        var path = configuration[PathOf(part)] is { Length: > 0 } ? PathOf(part) : Path;
        var text = configuration[path];
        if (string.IsNullOrWhiteSpace(text))
            faults.Add(new Fault(path, "The configuration names no store.", ConnectionText.WayOut));
        else if (ConnectionText.FaultOf(path, text) is { } fault)
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
