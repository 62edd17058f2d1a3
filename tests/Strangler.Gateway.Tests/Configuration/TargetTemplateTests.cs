using CsCheck;
using Strangler.Gateway.Configuration;
using Xunit;

namespace Strangler.Gateway.Tests.Configuration;

public sealed class TargetTemplateTests
{
    [Theory]
    [InlineData("/access/{sku}", true)]
    [InlineData("/access?item={sku}&of={shop}", true)]
    [InlineData("/", true)]
    [InlineData("", false)]
    [InlineData("access", false)]
    [InlineData("//elsewhere.example/", false)]
    [InlineData("http://elsewhere.example/", false)]
    [InlineData("/a b", false)]
    [InlineData("/a#b", false)]
    [InlineData("/a\\b", false)]
    [InlineData("/{sku", false)]
    [InlineData("/{a-b}", false)]
    public void IsTarget_Text_IsAPathWithNames(string text, bool isTarget) =>
        Assert.Equal(isTarget, new TargetTemplate(text).IsTarget);

    [Theory]
    [InlineData("7", "/access/7?of=7")]
    [InlineData("a/b?c", "/access/a%2Fb%3Fc?of=a%2Fb%3Fc")]
    [InlineData("%2e", "/access/%252e?of=%252e")]
    [InlineData("é", "/access/%C3%A9?of=%C3%A9")]
    [InlineData("", null)]
    [InlineData(".", null)]
    [InlineData("..", null)]
    [InlineData("...", "/access/...?of=...")]
    public void Fill_Value_IsEncodedOrRefused(string value, string? target) =>
        Assert.Equal(
            target,
            new TargetTemplate("/access/{sku}?of={sku}").Fill(new Dictionary<string, string> { ["sku"] = value })
        );

    [Fact]
    public void Fill_MissingValue_IsRefused() =>
        Assert.Null(new TargetTemplate("/access/{sku}").Fill(new Dictionary<string, string>()));

    /// <summary>Two values never give the same target, and none adds a step or a parameter.</summary>
    [Fact]
    public void Fill_AnyValue_StaysWithinItsPlace() =>
        Gen.Select(Gen.String, Gen.String)
            .Sample(
                (one, other) =>
                {
                    var (first, second) = (Fill(one), Fill(other));
                    return first is null
                        || first.Count(letter => letter is '/' or '?' or '&' or '#') == 3
                            && (second is null || one == other || first != second || HasLoneSurrogate(one, other));
                }
            );

    private static string? Fill(string value) =>
        new TargetTemplate("/access/{sku}?a=1").Fill(new Dictionary<string, string> { ["sku"] = value });

    /// <summary>No request contains one: the target is decoded from bytes.</summary>
    private static bool HasLoneSurrogate(params string[] texts) =>
        texts.Any(text => text.EnumerateRunes().Any(rune => rune.Value == 0xFFFD));
}
