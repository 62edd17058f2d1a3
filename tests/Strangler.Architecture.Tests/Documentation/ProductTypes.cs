using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Strangler.Architecture.Tests.Documentation;

/// <summary>The types that the product's assemblies declare, as text names them: <c>Verdict.Match</c>.</summary>
internal static class ProductTypes
{
    public static IReadOnlySet<string> All { get; } =
        Rooms.MayReference.Keys.SelectMany(Of).ToHashSet(StringComparer.Ordinal);

    /// <summary>Those of the product itself, without the demo and the sample system.</summary>
    public static IReadOnlySet<string> WithoutSample { get; } =
        Rooms
            .MayReference.Keys.Except([Rooms.Demo, Rooms.Legacy, Rooms.LegacyProjections, Rooms.LegacyFaults])
            .SelectMany(Of)
            .ToHashSet(StringComparer.Ordinal);

    private static List<string> Of(string project)
    {
        var file = Path.Combine(AppContext.BaseDirectory, Rooms.Assembly(project) + ".dll");
        using var image = new PEReader(File.OpenRead(file));
        var reader = image.GetMetadataReader();
        return [.. reader.TypeDefinitions.Select(handle => Name(reader, handle))];
    }

    private static string Name(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var name = reader.GetString(type.Name).Split('`')[0];
        return type.GetDeclaringType() is { IsNil: false } outer ? $"{Name(reader, outer)}.{name}" : name;
    }
}
