using System.Text.RegularExpressions;
using Xunit;

namespace Strangler.Architecture.Tests;

/// <summary>A file of the product holds the one type that it is named after.</summary>
public sealed partial class TypeFileTests
{
    [Fact]
    public void File_OfTheProduct_HoldsTheTypeThatItIsNamedAfter() =>
        Assert.Empty(
            from path in Repository.Files
            where path.EndsWith(".cs", StringComparison.Ordinal)
            where !path.StartsWith("tests/", StringComparison.Ordinal)
            from stray in Strays(path, File.ReadAllText(Repository.Full(path)))
            select stray
        );

    [Theory]
    [InlineData("Position.cs", "public readonly record struct Position(int Epoch);\n", "")]
    [InlineData("Position.Json.cs", "public partial struct Position\n{\n    private sealed class Inner;\n}\n", "")]
    [InlineData("Position.cs", "internal sealed class Lsn { }\n", "Position.cs: Lsn")]
    [InlineData("Position.cs", "public struct Position;\n\npublic enum Place { }\n", "Position.cs: Place")]
    [InlineData(
        "Position.cs",
        "public struct Position;\n\ninternal delegate void Moved<T>(T to);\n",
        "Position.cs: Moved"
    )]
    [InlineData("Position.cs", "public struct Position;\n\ninternal unsafe struct Lsn { }\n", "Position.cs: Lsn")]
    [InlineData("Position.cs", "public struct Position;\n\nclass Lsn { }\n", "Position.cs: Lsn")]
    [InlineData("Position.cs", "[Key]\nrecord Lsn(int Value);\n", "Position.cs: Lsn")]
    [InlineData("Position.cs", "/// <summary>The class Lsn.</summary>\npublic interface Position { }\n", "")]
    public void Strays_PlantedFile_NamesTheOtherTypes(string path, string text, string found) =>
        Assert.Equal(found, string.Join(", ", Strays(path, text)));

    private static IEnumerable<string> Strays(string path, string text)
    {
        var name = Path.GetFileName(path).Split('.')[0];
        return from Match type in Declaration.Matches(text)
            let declared = type.Groups["name"].Value
            where declared != name
            select $"{path}: {declared}";
    }

    [GeneratedRegex(
        @"^(?:(?:public|internal|file|static|sealed|abstract|readonly|partial|ref|unsafe|new) )*"
            + @"(?:(?:record (?:struct|class)|record|class|struct|interface|enum)|delegate [^(]+?) (?<name>\w+)",
        RegexOptions.Multiline
    )]
    private static partial Regex Declaration { get; }
}
