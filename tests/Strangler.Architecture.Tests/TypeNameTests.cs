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
