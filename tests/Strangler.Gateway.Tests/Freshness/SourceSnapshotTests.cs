using Strangler.Gateway.Freshness;
using Xunit;

namespace Strangler.Gateway.Tests.Freshness;

/// <summary>Whether one snapshot sees all that another one sees.</summary>
public sealed class SourceSnapshotTests
{
    [Theory]
    [InlineData("10:10:", "10:10:", true)]
    [InlineData("12:12:", "10:10:", true)]
    [InlineData("10:10:", "12:12:", false)] // 11 has ended in the second
    [InlineData("10:12:10", "11:12:", false)] // 10 has ended in the second
    [InlineData("10:12:10", "10:12:10,11", true)]
    [InlineData("10:14:10,13", "10:13:10", true)] // 13 began after the second
    public void SeesAllOf_Another_IsTrueIfNothingThatEndedThereIsOpen(string one, string other, bool sees) =>
        Assert.Equal(sees, SourceSnapshot.Parse(one)!.SeesAllOf(SourceSnapshot.Parse(other)!));

    [Theory]
    [InlineData("")]
    [InlineData("1:2")]
    [InlineData("1:x:")]
    [InlineData("1:2:-3")]
    public void Parse_SomethingElse_IsNothing(string text) => Assert.Null(SourceSnapshot.Parse(text));
}
