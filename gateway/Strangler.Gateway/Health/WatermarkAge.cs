using Strangler.Evidence;

namespace Strangler.Gateway.Health;

/// <summary>How old a watermark is, as far as this gateway can know.</summary>
internal abstract record WatermarkAge
{
    private WatermarkAge() { }

    /// <summary>All that the source had committed so long ago is in the documents.</summary>
    public sealed record Known(TimeSpan Age) : WatermarkAge;

    /// <summary>Nothing can be said of its age, and why.</summary>
    public sealed record Unknown(CallGraphReason Reason) : WatermarkAge;
}
