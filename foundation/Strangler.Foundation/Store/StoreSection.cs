using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.Foundation.Store;

/// <summary>
/// The section <c>Store</c>: the PostgreSQL database for log and documents. Each part has its own login there, or uses
/// the owner's.
/// </summary>
public static class StoreSection
{
    /// <summary>The configuration path of the owner's login.</summary>
    public const string Path = "Store:ConnectionString";

    /// <summary>The configuration path of a part's own login, with only the rights that it needs.</summary>
    public static string PathOf(string part) => $"Store:{part}ConnectionString";

    /// <summary>The configuration path of the login that a part uses.</summary>
    public static string PathOf(IConfiguration configuration, string part) =>
        configuration[PathOf(part)] is { Length: > 0 } ? PathOf(part) : Path;

    /// <summary>Whether the configuration has a login for a part.</summary>
    public static bool IsNamed(IConfiguration configuration, string part) =>
        !string.IsNullOrWhiteSpace(configuration[PathOf(configuration, part)]);

    /// <summary>Reads the connection string that a part uses.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="faults">Gets what is wrong.</param>
    /// <param name="part">The part.</param>
    /// <returns>Empty if it is missing or PostgreSQL's client can't use it, which adds a fault.</returns>
    public static string Read(IConfiguration configuration, List<Fault> faults, string part) =>
        ReadAt(PathOf(configuration, part), configuration, faults);

    /// <summary>Reads the owner's connection string.</summary>
    /// <exception cref="FaultException">It is missing, or PostgreSQL's client can't use it.</exception>
    public static string Require(IConfiguration configuration)
    {
        var faults = new List<Fault>();
        var text = ReadAt(Path, configuration, faults);
        return faults.Count == 0 ? text : throw new FaultException(faults);
    }

    /// <summary>The owner's connection string. Null if it is missing, or PostgreSQL's client can't use it.</summary>
    public static string? Find(IConfiguration configuration) =>
        ReadAt(Path, configuration, []) is { Length: > 0 } text ? text : null;

    private static string ReadAt(string path, IConfiguration configuration, List<Fault> faults)
    {
        var text = configuration[path];
        if (string.IsNullOrWhiteSpace(text))
            faults.Add(new Fault(path, "The configuration names no store.", ConnectionText.WayOut));
        else if (ConnectionText.FaultOf(path, text) is { } fault)
            faults.Add(fault);
        else
            return text;
        return "";
    }
}
