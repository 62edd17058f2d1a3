using System.Reflection;

namespace Strangler.Foundation.Store;

/// <summary>
/// The tables of one room in the store. A room's version is the number of its scripts that have run; scripts are only
/// ever appended.
/// </summary>
/// <param name="Room">
/// The room, which is also the name of its schema in the store: <c>log</c>, <c>projections</c>, <c>gateway</c>.
/// </param>
/// <param name="Scripts">SQL scripts, each of which takes the room from its index to the next version.</param>
public sealed record StoreSchema(string Room, IReadOnlyList<string> Scripts)
{
    private const string Folder = "Migrations/";

    /// <summary>The version that this program reads and writes.</summary>
    public int Version => Scripts.Count;

    /// <summary>
    /// The scripts that a room's assembly embeds as <c>Migrations/NNN-name.sql</c>, in the order of their numbers.
    /// </summary>
    /// <exception cref="InvalidOperationException">The numbers are not 001, 002, and so on.</exception>
    public static StoreSchema Embedded(string room, Assembly assembly)
    {
        var names = assembly
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        foreach (var (index, name) in names.Index())
        {
            if (!name.StartsWith($"{Folder}{index + 1:000}-", StringComparison.Ordinal))
                throw new InvalidOperationException($"The script '{name}' of '{room}' is not number {index + 1}.");
        }
        return new StoreSchema(room, [.. names.Select(name => Read(assembly, name))]);
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
