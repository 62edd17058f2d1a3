using CsCheck;
using Strangler.CdcBridge.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Patterns;
using Xunit;

namespace Strangler.CdcBridge.Tests.Patterns;

public sealed class JavaPatternTests
{
    [Theory]
    [InlineData("public\\.item", "public.item", true)]
    [InlineData("public.item", "publicXitem", true)]
    [InlineData("public.item", "PUBLIC.ITEM", true)]
    [InlineData("item", "items", false)]
    [InlineData("a|b", "ab", false)]
    [InlineData("\\d+", "٣", false)]
    [InlineData("\\w+", "é", false)]
    [InlineData("\\D", "٣", true)]
    [InlineData("[\\d_]+", "1_2", true)]
    [InlineData("\\Qa.b\\E.", "a.bx", true)]
    [InlineData("\\Qa.b\\E.", "aXbx", false)]
    [InlineData("\\Qa.b", "a.b", true)]
    [InlineData("\\p{Alpha}+", "ab", true)]
    [InlineData("\\p{Alpha}+", "é", false)]
    [InlineData("[\\p{Upper}]x", "AX", true)]
    [InlineData("\\P{Digit}", "a", true)]
    [InlineData("\\p{L}", "é", true)]
    [InlineData("\\pL", "é", true)]
    [InlineData("a\\+", "a+", true)]
    [InlineData("[+*]+", "+*", true)]
    [InlineData("a.b", "a\nb", false)]
    [InlineData("a", "a\n", false)]
    [InlineData("(?!x).*", "abc", true)]
    [InlineData("(a)(?<x>b)\\2", "abb", true)]
    [InlineData("(?<x>a)(b)\\1", "aba", true)]
    [InlineData("(a)\\10", "aa0", true)]
    public void Compile_Expression_MatchesAsJavaDoes(string expression, string name, bool isMatch) =>
        Assert.Equal(isMatch, JavaPattern.Compile(expression, "Source:x").IsMatch(name));

    [Fact]
    public void Compile_InItsOwnCase_TellsThemApart() =>
        Assert.False(JavaPattern.Compile("a", "Source:x", ignoreCase: false).IsMatch("A"));

    [Theory]
    [InlineData("a++", "a possessive quantifier")]
    [InlineData("a{2}+", "a possessive quantifier")]
    [InlineData("[a-z&&[^b]]", "an intersection of classes")]
    [InlineData("[a[b]]", "a class of characters within another")]
    [InlineData("\\R", "\\R")]
    [InlineData("a\\", "It ends with a backslash.")]
    [InlineData("(a)\\2", "a reference to a group that doesn't come before it")]
    public void Compile_WhatCannotBeTranslated_SaysSo(string expression, string sentence) =>
        Assert.Contains(
            sentence,
            Assert.Throws<ArgumentException>(() => JavaPattern.Compile(expression, "Source:x")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void IsMatch_NameThatTakesTooLong_IsAFaultOfTheSettingWithoutThePattern()
    {
        var pattern = JavaPattern.Compile("(a+)+b", "Source:table.include.list");
        var name = $"{new string('a', 60)}c";

        var fault = Assert.Single(Assert.Throws<FaultException>(() => pattern.IsMatch(name)).Faults);

        Assert.Null(pattern.TryMatch(name));
        Assert.Equal("Source:table.include.list", fault.Path);
        Assert.Contains(name, fault.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("(a+)+b", fault.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A name is its own expression once it is quoted.</summary>
    [Fact]
    public void Compile_QuotedName_MatchesThatNameOnly() =>
        Gen.Select(Gen.Char[" ~"].Array[1, 12], Gen.Char[" ~"].Array[1, 12])
            .Where((one, _) => !new string(one).Contains("\\E", StringComparison.Ordinal))
            .Sample(
                (one, other) =>
                {
                    var (name, stranger) = (new string(one), new string(other));
                    var pattern = JavaPattern.Compile($"\\Q{name}\\E", "Source:x", ignoreCase: false);
                    return pattern.IsMatch(name) && pattern.IsMatch(stranger) == (name == stranger);
                }
            );

    [Theory]
    [InlineData("a,b", "a", "b")]
    [InlineData(" a , ,b,", "a", "b")]
    [InlineData("a\\,b,c", "a,b", "c")]
    [InlineData("a\\\\,b", "a\\\\", "b")]
    [InlineData("a\\.b", "a\\.b")]
    [InlineData("")]
    public void Split_List_HasItsEntries(string text, params string[] entries) =>
        Assert.Equal(entries, PatternList.Split(text));

    /// <summary>An independent writer escapes commas; the list is read as it was.</summary>
    [Fact]
    public void Split_WrittenList_IsTheSame() =>
        Gen.Char["ab.*,()"]
            .Array[1, 8]
            .Select(characters => new string(characters))
            .List[0, 6]
            .Sample(entries =>
                PatternList
                    .Split(
                        string.Join(" , ", entries.Select(entry => entry.Replace(",", "\\,", StringComparison.Ordinal)))
                    )
                    .SequenceEqual(entries)
            );
}
