using System.Globalization;
using System.Text;
using CsCheck;
using Strangler.CdcBridge.Secrets;
using Xunit;

namespace Strangler.CdcBridge.Tests.Secrets;

/// <summary>Files as <c>java.util.Properties</c> reads them; the first examples are from its documentation.</summary>
public sealed class PropertiesFileTests
{
    private static readonly Gen<string> Text = Gen.OneOf(Gen.Char[" ~"], Gen.Char["\t\n\r\f\\=:#! "], Gen.Char)
        .Array[0, 12]
        .Select(characters => new string(characters));

    [Theory]
    [InlineData("Truth = Beauty", "Truth", "Beauty")]
    [InlineData(" Truth:Beauty", "Truth", "Beauty")]
    [InlineData("Truth                    :Beauty", "Truth", "Beauty")]
    [InlineData("fruits    apple, banana, \\\n          kiwi, mango", "fruits", "apple, banana, kiwi, mango")]
    [InlineData("cheeses", "cheeses", "")]
    [InlineData("\\:\\= = x", ":=", "x")]
    [InlineData("a=b=c", "a", "b=c")]
    [InlineData("a = = b", "a", "= b")]
    [InlineData("a\\ b=c", "a b", "c")]
    [InlineData("a=\\u00e4\\t\\n\\q", "a", "ä\t\nq")]
    [InlineData("a=b\\\\", "a", "b\\")]
    [InlineData("a=b\\", "a", "b")]
    [InlineData("a=b ", "a", "b ")]
    [InlineData("a=1\r\n# b=2\r\n", "a", "1")]
    [InlineData("a=x\\\n#y", "a", "x#y")]
    [InlineData("! comment \\\na=1", "a", "1")]
    [InlineData("a=1\ra=2", "a", "2")]
    [InlineData("=x", "", "x")]
    public void Parse_Line_IsThatProperty(string text, string name, string value) =>
        Assert.Equal(KeyValuePair.Create(name, value), Assert.Single(PropertiesFile.Parse(text)));

    [Theory]
    [InlineData("")]
    [InlineData("\n \n\t# only\n!comments")]
    public void Parse_NothingButComments_IsEmpty(string text) => Assert.Empty(PropertiesFile.Parse(text));

    [Fact]
    public void Parse_MalformedEscape_NamesTheLine() =>
        Assert.Equal(
            "line 3 has '\\u' without four hexadecimal digits",
            Assert.Throws<FormatException>(() => PropertiesFile.Parse("a=1\n#\nb=\\u12g4")).Message
        );

    /// <summary>What an independent writer wrote, in any form that the format allows, is read as it was.</summary>
    [Fact]
    public void Parse_WrittenFile_IsTheSame() =>
        Gen.Select(Gen.Dictionary(Text, Text)[0, 6], Gen.Int[0, 5], Gen.Bool)
            .Sample(
                (properties, form, splits) =>
                {
                    var separator = new[] { "=", ":", " ", " = ", "\t:", " \f" }[form];
                    var text = new StringBuilder("# written\n");
                    foreach (var (name, value) in properties)
                        text.Append(Escape(name, splits))
                            // a name of no characters needs one that isn't a space
                            .Append(name.Length == 0 ? "=" : separator)
                            .Append(Escape(value, splits))
                            .Append('\n');

                    var read = PropertiesFile.Parse(text.ToString());

                    return read.Count == properties.Count
                        && properties.All(pair => read.GetValueOrDefault(pair.Key) == pair.Value);
                }
            );

    /// <summary>Everything that could mean something is escaped, and long texts continue in the next line.</summary>
    private static string Escape(string text, bool splits)
    {
        var result = new StringBuilder();
        foreach (var (i, c) in text.Index())
        {
            if (splits && i % 3 == 2)
                result.Append("\\\n  \t");
            result.Append(
                c switch
                {
                    '\t' => "\\t",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\f' => "\\f",
                    '\\' or '=' or ':' or '#' or '!' or ' ' => $"\\{c}",
                    < ' ' or > '~' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                    _ => $"{c}",
                }
            );
        }
        return result.ToString();
    }
}
