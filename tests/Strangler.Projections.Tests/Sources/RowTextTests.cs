using System.Text.Json;
using Strangler.Projections.Sources;
using Xunit;

namespace Strangler.Projections.Tests.Sources;

/// <summary>Which columns of an image weren't sent.</summary>
public sealed class RowTextTests
{
    private const string Typed = "\"__debezium_unavailable_value\"";
    private const string Bytes = "\"X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==\"";

    /// <summary>
    /// The value of <c>v</c>, the columns that weren't sent according to the log (null if it doesn't say), and whether
    /// <c>v</c> wasn't sent.
    /// </summary>
    public static TheoryData<string, string[]?, bool> Images =>
        new()
        {
            { $"[{Typed}]", null, false },
            { $"[{Typed}]", [], false },
            { $"[{Typed},null,[{Typed}]]", ["other"], false },
            { $"[{Bytes}]", null, false },
            { $"{{\"a\":{Typed}}}", null, false },
            { "\"[\\u0022__debezium_unavailable_value\\u0022]\"", null, false },
            { "\"\\u0022__debezium_unavailable_value\\u0022\"", null, false },
            { "\"{__debezium_unavailable_value}\"", null, false },
            { Typed, [], false },
            { Bytes, ["other"], false },
            { Typed, ["v"], true },
            { Typed, null, true }, // a record older than the header: nothing else tells
            { Bytes, null, true },
        };

    [Theory]
    [MemberData(nameof(Images))]
    public void Of_PlaceholderInAValue_IsNotSentOnlyWhereTheLogSaysSo(string value, string[]? told, bool notSent)
    {
        using var image = JsonDocument.Parse($$"""{"id":1,"v":{{value}},"other":2}""");

        var row = RowText.Of(image.RootElement, ["id", "v"], told?.ToHashSet(), undecoded: null, out var unavailable);

        Assert.Equal(notSent ? ["v"] : Array.Empty<string>(), unavailable);
        Assert.Equal(notSent ? """{"id":1}""" : $$"""{"id":1,"v":{{value}}}""", row);
    }
}
