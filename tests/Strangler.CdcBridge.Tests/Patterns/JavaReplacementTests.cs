using Strangler.Foundation.Patterns;
using Xunit;

namespace Strangler.CdcBridge.Tests.Patterns;

public sealed class JavaReplacementTests
{
    [Theory]
    [InlineData("(.)(.)(.)", "abc", "$3$1", "ca")]
    [InlineData("(?<x>.)(.)(?<y>.)", "abc", "$1-$2-$3", "a-b-c")]
    [InlineData("(?<x>.)(.)(?<y>.)", "abc", "${y}${x}", "ca")]
    [InlineData("(.)(.)", "ab", "$12", "a2")]
    [InlineData("(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)", "abcdefghijkl", "$12", "l")]
    [InlineData("(.*)", "ab", "$0.$0", "ab.ab")]
    [InlineData("(.*)", "ab", @"\$1\\\x", @"$1\x")]
    [InlineData("(a)|(b)", "a", "<$2>", "<>")]
    [InlineData(@"(?:a)\(([(])\Q(\E(?=.)(.)", "a(((z", "$1$2", "(z")]
    [InlineData("(.*)", "ab", "", "")]
    public void ReplaceFirst_Match_IsJavasText(string expression, string text, string replacement, string expected)
    {
        var pattern = Compile(expression);

        Assert.Equal(expected, pattern.ReplaceFirst(text, JavaReplacement.Parse(replacement, pattern)));
    }

    [Theory]
    [InlineData("$", "A dollar sign is followed by no group.")]
    [InlineData("a$b", "A dollar sign is followed by no group.")]
    [InlineData("$3", "There is no group 3.")]
    [InlineData("${b}", "There is no group named 'b'.")]
    [InlineData("${a", "A name after '${' has no end.")]
    [InlineData("a\\", "It ends with a backslash.")]
    public void Parse_WhatJavaRefuses_Throws(string replacement, string sentence) =>
        Assert.StartsWith(
            sentence,
            Assert.Throws<ArgumentException>(() => JavaReplacement.Parse(replacement, Compile("(?<a>.)(.)"))).Message,
            StringComparison.Ordinal
        );

    private static JavaPattern Compile(string text) => JavaPattern.Compile(text, "Source:x", ignoreCase: false);
}
