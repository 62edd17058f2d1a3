using CsCheck;
using Strangler.Evidence.Reports;
using Strangler.Evidence.Storing;
using Xunit;

namespace Strangler.Evidence.Tests.Storing;

public sealed class FaultSignatureTests
{
    private static readonly ExampleReport Example = new(
        "01K9ZB3V5M",
        new DateTimeOffset(2026, 12, 2, 12, 0, 0, TimeSpan.Zero),
        "GET /api/items/1",
        "1",
        null,
        null,
        "projection",
        [new("value", "$.items[0].qty", "$.items[*].qty", "7", "6"), new("missing", "$.note", "$.note", "null", null)],
        null,
        null
    );

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    [Fact]
    public void Of_OtherValuesKeysOrderAndRepetitions_IsTheSameFault()
    {
        var other = Example with
        {
            Id = "01K9ZB3V5N",
            Request = "GET /api/items/2",
            Key = "2",
            Differences =
            [
                new("missing", "$.note", "$.note", "1", null),
                new("value", "$.items[3].qty", "$.items[*].qty", "1", "2"),
                new("value", "$.items[4].qty", "$.items[*].qty", "1", "2"),
            ],
        };

        Assert.Equal(FaultSignature.Of(Example), FaultSignature.Of(other));
        Assert.Equal(["missing $.note", "value $.items[*].qty"], FaultSignature.Paths(other));
    }

    /// <summary>Each cause, kind and path makes another fault, and so does one difference more or less.</summary>
    [Fact]
    public void Of_AnotherCauseOrOtherDifferences_IsAnotherFault()
    {
        var difference = Gen.Select(
            OneOf("value", "missing", "extra"),
            OneOf("$.a", "$.b", "$.a.b"),
            (kind, path) => new DifferenceReport(kind, path, path, null, null)
        );
        var example = Gen.Select(
            OneOf("projection", "behind", "ahead"),
            difference.List[1, 3],
            (cause, differences) => Example with { Cause = cause, Differences = differences }
        );

        Gen.Select(example, example)
            .Sample(
                (one, other) =>
                    (FaultSignature.Of(one) == FaultSignature.Of(other))
                    == (one.Cause == other.Cause && Set(one).SetEquals(Set(other)))
            );

        static HashSet<(string, string)> Set(ExampleReport of) =>
            [.. of.Differences.Select(difference => (difference.Kind, difference.General))];
    }

    /// <summary>What differs beside the differences that are kept would otherwise be dismissed unseen.</summary>
    [Fact]
    public void Of_MoreDifferencesThanAreKept_IsAnotherFault()
    {
        DifferenceReport At(int i) => new("value", $"$.items[{i}].qty", "$.items[*].qty", "1", "2");
        var whole = Example with
        {
            Differences = [.. Enumerable.Range(0, ExampleBuilder.MaxDifferences - 1).Select(At)],
        };
        var cut = whole with { Differences = [.. whole.Differences, At(99)] };

        Assert.True(FaultSignature.IsWhole(whole));
        Assert.False(FaultSignature.IsWhole(cut));
        Assert.NotEqual(FaultSignature.Of(whole), FaultSignature.Of(cut));
    }
}
