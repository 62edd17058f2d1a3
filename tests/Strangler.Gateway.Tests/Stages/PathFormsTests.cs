using Strangler.Gateway.Http;
using Xunit;

namespace Strangler.Gateway.Tests.Stages;

/// <summary>Of a path's forms, only the declared ones don't count, and a key has one spelling always.</summary>
public sealed class PathFormsTests
{
    private const string Items = "/api/items/{key}";
    private const int None = (int)PathForms.None;
    private const int Case = (int)PathForms.Case;
    private const int Slash = (int)PathForms.TrailingSlash;
    private const int Both = Case | Slash;

    [Theory]
    [InlineData(Items, "/API/Items/A1", "A1", Case, true)]
    [InlineData(Items, "/API/Items/A1", "A1", Slash, false)]
    [InlineData(Items, "/API/Items/A1", "A1", None, false)]
    [InlineData(Items, "/api/items/a1", "A1", Both, false)]
    [InlineData(Items, "/api/items/A1/", "A1", Slash, true)]
    [InlineData(Items, "/api/items/A1/", "A1", Case, false)]
    [InlineData(Items, "/api/items/A1//", "A1", Both, false)]
    [InlineData(Items, "/API/items/A1/", "A1", Both, true)]
    [InlineData(Items, "/api//items/A1", "A1", Both, false)]
    [InlineData(Items, "/api/item%73/A1", "A1", Both, false)]
    [InlineData(Items, "/api/items/%41%31", "A1", Both, false)]
    [InlineData(Items, "/api/items/%c3%a4", "ä", Both, false)]
    [InlineData(Items, "/api/items/%C3%A4", "ä", Both, true)]
    [InlineData("/django/{key}/", "/django/1", "1", Slash, true)]
    [InlineData("/django/{key}/", "/django/1", "1", Case, false)]
    [InlineData("/issues/{key}.json", "/Issues/5.JSON", "5", Case, true)]
    [InlineData("/issues/{key}.json", "/Issues/a.JSON", "A", Case, false)]
    [InlineData("/v{key}/x", "/V7/X", "7", Case, true)]
    [InlineData("/straße/{key}", "/STRA%C3%9FE/1", "1", Case, true)]
    [InlineData("/Ünits/{key}", "/%C3%BCnits/1", "1", Both, false)]
    [InlineData("/files/{**key}", "/FILES/a/b", "a/b", Case, true)]
    [InlineData("/files/{**key}", "/FILES/A/b", "a/b", Case, false)]
    public void IsSpelledBy_Form_CountsUnlessItIsIgnored(
        string template,
        string path,
        string key,
        int ignored,
        bool expected
    ) =>
        Assert.Equal(
            expected,
            PathTemplate
                .Parse(template)
                .IsSpelledBy(path, new Dictionary<string, string> { ["key"] = key }, (PathForms)ignored)
        );
}
