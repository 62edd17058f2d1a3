using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Strangler.Packages.Tests;

/// <summary>A package.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Nuspec">What it says of itself.</param>
/// <param name="Files">The paths of its files.</param>
/// <param name="Assemblies">The assemblies in <c>lib</c>, and the names of those that they reference.</param>
internal sealed record PackageFile(
    string Id,
    string Version,
    XElement Nuspec,
    IReadOnlyList<string> Files,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Assemblies
)
{
    /// <summary>The packages that it depends on, with the versions that it takes.</summary>
    public IReadOnlyDictionary<string, string> Dependencies =>
        Nuspec
            .Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(
                element => (string)element.Attribute("id")!,
                element => (string)element.Attribute("version")!,
                StringComparer.Ordinal
            );

    /// <summary>Those of them that code which references this package can use.</summary>
    public IEnumerable<string> SeenDependencies =>
        from element in Nuspec.Descendants()
        where element.Name.LocalName == "dependency"
        let excluded = ((string?)element.Attribute("exclude") ?? "").Split(',')
        where !excluded.Contains("Compile", StringComparer.OrdinalIgnoreCase)
        select (string)element.Attribute("id")!;

    /// <summary>What the nuspec says; null if it doesn't.</summary>
    public string? Said(string name) =>
        Nuspec.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;

    public static PackageFile Read(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        var nuspec = archive.Entries.Single(entry =>
            !entry.FullName.Contains('/', StringComparison.Ordinal)
            && entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)
        );
        using var text = nuspec.Open();
        var metadata = XDocument.Load(text).Root!.Elements().First();
        string Said(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        return new(
            Said("id"),
            Said("version"),
            metadata,
            [.. archive.Entries.Select(entry => entry.FullName)],
            archive
                .Entries.Where(entry =>
                    entry.FullName.StartsWith("lib/", StringComparison.Ordinal)
                    && entry.Name.EndsWith(".dll", StringComparison.Ordinal)
                )
                .ToDictionary(entry => entry.Name[..^".dll".Length], References)
        );
    }

    private static IReadOnlyList<string> References(ZipArchiveEntry entry)
    {
        using var bytes = new MemoryStream();
        using (var stream = entry.Open())
            stream.CopyTo(bytes);
        bytes.Position = 0;
        using var image = new PEReader(bytes);
        var reader = image.GetMetadataReader();
        return
        [
            .. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name)),
        ];
    }
}
