using System.Xml.Linq;

namespace Strangler.Architecture.Tests;

/// <summary>What a project file references.</summary>
/// <param name="Projects">Names of projects, without those that are only built before it.</param>
/// <param name="Packages">Names of packages.</param>
internal sealed record ProjectFile(string Name, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    public static ProjectFile Read(string path)
    {
        var references = XDocument
            .Load(Repository.Full(path))
            .Descendants()
            .ToLookup(element => element.Name.LocalName);
        return new(
            Path.GetFileNameWithoutExtension(path),
            [
                .. references["ProjectReference"]
                    .Where(element => (string?)element.Attribute("ReferenceOutputAssembly") != "false")
                    .Select(element =>
                        Path.GetFileNameWithoutExtension(((string)element.Attribute("Include")!).Replace('\\', '/'))
                    ),
            ],
            [.. references["PackageReference"].Select(element => (string)element.Attribute("Include")!)]
        );
    }

    /// <summary>A package without an assembly, and the projects that are its content.</summary>
    private const string Templates = "projections/Strangler.Projections.Templates/";

    /// <summary>The projects of the product with an assembly: those outside of <c>tests</c>.</summary>
    public static IReadOnlyList<ProjectFile> OfTheProduct() =>
        [
            .. Repository
                .Files.Where(file =>
                    file.EndsWith(".csproj", StringComparison.Ordinal)
                    && !file.StartsWith("tests/", StringComparison.Ordinal)
                    && !file.StartsWith(Templates, StringComparison.Ordinal)
                )
                .Select(Read),
        ];
}
