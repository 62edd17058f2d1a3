using Xunit;

namespace Strangler.Evidence.Tests;

public sealed class ReasonDescriptionsTests
{
    public static TheoryData<string> Fallbacks =>
        [.. Enum.GetValues<CallGraphReason>().Where(reason => reason.IsFallback()).Select(reason => reason.Text())];

    /// <summary>What the lookup lacked is never blamed on the request.</summary>
    [Theory]
    [MemberData(nameof(Fallbacks))]
    public void OfMiss_ReasonThatTheLookupLacked_HasItsOwnSentence(string reason) =>
        Assert.NotEqual(ReasonDescriptions.OfMiss(CallGraphReason.KeyForm.Text()), ReasonDescriptions.OfMiss(reason));
}
