using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Xunit;

namespace Strangler.Architecture.Tests;

/// <summary>Types are nouns, each name has one meaning in the whole product, and limits are named as such.</summary>
public sealed partial class TypeNameTests
{
    /// <summary>Nouns with this ending; encodings, handlings and spellings are nouns everywhere.</summary>
    private static readonly string[] Nouns = ["Finding", "Tracing", "LostRounding", "Selling"];

    /// <summary>
    /// Participles in the contract of projections, whose names versions of projections depend on; and reads, which are
    /// nouns.
    /// </summary>
    private static readonly string[] Kept =
    [
        "BracketFound",
        "Explained",
        "FirstStageRead",
        "Found",
        "LinkRead",
        "LogRead",
        "Made",
        "Projected",
    ];

    /// <summary>Dapper binds it to the column of that name.</summary>
    private const string StoredColumn = "Strangler.Evidence.Storing.DurationRow.Most";

    [Fact]
    public void Name_OfATopLevelType_BelongsToOneTypeOnly() =>
        Assert.Empty(Names(Shared(Types(Rooms.MayReference.Keys))));

    [Fact]
    public void Shared_PlantedOffenders_AreFound() =>
        Assert.Equal(
            ["Strangler.A.Bracket and Strangler.B.Bracket"],
            Shared([
                new("Strangler.A", "Bracket", false, []),
                new("Strangler.B", "Bracket", false, []),
                new("Strangler.C", "Bracket", true, []),
                new("Strangler.A", "Log", false, []),
                new("Strangler.B", "Log", false, []),
                new("Strangler.A", "Moment", false, []),
            ])
        );

    [Fact]
    public void Name_OfAType_IsANoun() =>
        Assert.Empty(
            Types(Rooms.MayReference.Keys)
                .Where(type => IsNoNoun(type.Name))
                .Select(type => $"{type.Namespace}.{type.Name}")
        );

    /// <summary>A case of a closed result is nested, and may say what happened.</summary>
    [Fact]
    public void Name_OfATopLevelType_IsNoParticiple()
    {
        var found = Types(Rooms.MayReference.Keys)
            .Where(type => !type.IsNested && Participle().IsMatch(type.Name))
            .Select(type => type.Name)
            .ToList();

        Assert.Empty(found.Except(Kept));
        // an obsolete exception is removed from the list
        Assert.Empty(Kept.Except(found));
    }

    /// <summary>Parameters and locals; members are those of the assemblies, above.</summary>
    [Fact]
    public void Variable_ThatIsALimit_BeginsWithMaxOrMin() =>
        Assert.Empty(
            from path in Repository.Files
            where path.EndsWith(".cs", StringComparison.Ordinal)
            where !path.StartsWith("tests/", StringComparison.Ordinal)
            from line in File.ReadLines(Repository.Full(path)).Index()
            from Match found in OddVariable().Matches(line.Item)
            select $"{path}:{line.Index + 1}: {found.Groups["name"].Value}"
        );

    [Theory]
    [InlineData("    public int Number(string member, int least, int greatest) =>", "least|greatest")]
    [InlineData("        var most = MaxNodes(source);", "most")]
    [InlineData("internal sealed class Backoff(TimeSpan longest, TimeProvider time)", "longest")]
    [InlineData("        var (count, most) = Durations[key];", "most")]
    [InlineData("                    out var most", "most")]
    [InlineData("        int mostKeys,", "mostKeys")]
    [InlineData("    /// <param name=\"max\">The int most that is read.</param>", "")]
    [InlineData("        // at least one, most of them", "")]
    [InlineData("            last_at = greatest(s.last_at, excluded.last_at)", "")]
    [InlineData("        var mostly = 1;", "")]
    public void OddVariable_PlantedLine_IsFound(string line, string found) =>
        Assert.Equal(found, string.Join('|', OddVariable().Matches(line).Select(match => match.Groups["name"].Value)));

    [Theory]
    [InlineData("WireFound", true)]
    [InlineData("Explained", true)]
    [InlineData("StoreFailed", true)]
    [InlineData("Made", true)]
    [InlineData("Speed", false)]
    [InlineData("SourceFeed", false)]
    [InlineData("FoundKey", false)]
    public void Participle_PlantedName_IsTold(string name, bool isParticiple) =>
        Assert.Equal(isParticiple, Participle().IsMatch(name));

    [Fact]
    public void Name_OfALimit_BeginsWithMaxOrMin()
    {
        var odd = Types(Rooms.MayReference.Keys)
            .SelectMany(type =>
                type.Members.Where(IsOddLimit).Select(member => $"{type.Namespace}.{type.Name}.{member}")
            )
            .Where(member => member != StoredColumn);

        Assert.Empty(Names(odd));
    }

    [Theory]
    [InlineData("Asking")]
    [InlineData("EvidenceReading")]
    [InlineData("QuotaSharing")]
    public void IsNoNoun_PlantedOffender_IsFound(string name) => Assert.True(IsNoNoun(name));

    [Theory]
    [InlineData("MostKeys")]
    [InlineData("_mostWaiting")]
    [InlineData("LongestWait")]
    [InlineData("GreatestBody")]
    public void IsOddLimit_PlantedOffender_IsFound(string name) => Assert.True(IsOddLimit(name));

    private static IEnumerable<string> Shared(IEnumerable<Declared> types) =>
        types
            .Where(type => !type.IsNested && type.Name is not ("Log" or "Program"))
            .GroupBy(type => type.Name)
            .Where(group => group.Count() > 1)
            .Select(group => string.Join(" and ", group.Select(type => $"{type.Namespace}.{type.Name}")));

    private static bool IsNoNoun(string name) => NoNoun().IsMatch(name) && !Nouns.Contains(name);

    private static bool IsOddLimit(string name) => OddLimit().IsMatch(name);

    [GeneratedRegex("(?<!Encod|Handl|Spell|Str|R)ing$")]
    private static partial Regex NoNoun();

    [GeneratedRegex("^_?([Mm]ost|[Gg]reatest|[Ll]ongest|[Ll]east|[Ss]hortest)([A-Z]|$)")]
    private static partial Regex OddLimit();

    [GeneratedRegex(
        @"(?<![^a-z]|e)ed$"
            + @"|(?:^|[a-z])(?:Found|Made|Known|Seen|Sent|Taken|Given|Kept|Held|Lost|Written|Built|Told|Read)$|^Read$"
    )]
    private static partial Regex Participle();

    [GeneratedRegex(
        @"(?<!//.*)(?:\b(?:int|long|uint|ulong|double|decimal|float|TimeSpan|var|string)\??\s|[(,]\s?(?=\w+\)\s=))"
            + @"(?<name>(?:most|greatest|longest|least)(?:[A-Z]\w*)?)\b(?=\s*(?:[,)=;]|$))"
    )]
    private static partial Regex OddVariable();

    private static IEnumerable<Declared> Types(IEnumerable<string> projects) => projects.SelectMany(TypesOf);

    private static IReadOnlyList<string> Names(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];

    private static List<Declared> TypesOf(string project)
    {
        using var image = new PEReader(
            File.OpenRead(Path.Combine(AppContext.BaseDirectory, Rooms.Assembly(project) + ".dll"))
        );
        var reader = image.GetMetadataReader();
        var types = new List<Declared>();
        foreach (var handle in reader.TypeDefinitions)
        {
            var type = reader.GetTypeDefinition(handle);
            var name = reader.GetString(type.Name).Split('`')[0];
            if (name.Contains('<', StringComparison.Ordinal) || IsOfTheCompiler(reader, type))
                continue;
            types.Add(
                new Declared(
                    reader.GetString(type.Namespace),
                    name,
                    type.IsNested,
                    [
                        .. type.GetFields().Select(field => reader.GetString(reader.GetFieldDefinition(field).Name)),
                        .. type.GetProperties()
                            .Select(property => reader.GetString(reader.GetPropertyDefinition(property).Name)),
                    ]
                )
            );
        }
        return types;
    }

    /// <summary>The compiler or a generator wrote it, or the type in which it is nested.</summary>
    private static bool IsOfTheCompiler(MetadataReader reader, TypeDefinition type)
    {
        var space = reader.GetString(type.Namespace);
        if (type.GetDeclaringType() is { IsNil: false } outer)
        {
            var owner = reader.GetTypeDefinition(outer);
            return reader.GetString(owner.Name).Contains('<', StringComparison.Ordinal)
                || IsOfTheCompiler(reader, owner);
        }
        return !space.StartsWith("Strangler", StringComparison.Ordinal)
            && !space.StartsWith("Shop", StringComparison.Ordinal);
    }

    private sealed record Declared(string Namespace, string Name, bool IsNested, IReadOnlyList<string> Members);
}
