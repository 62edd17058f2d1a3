using Strangler.Evidence;

namespace Strangler.Gateway.Health;

/// <summary>How old a watermark is, as far as this gateway can know.</summary>
internal abstract record WatermarkAge
{
    private WatermarkAge() { }

    /// <summary>Everything that the source had committed this long ago is in the documents.</summary>
    public sealed record Known(TimeSpan Age) : WatermarkAge;

    /// <summary>Its age isn't known, with the reason.</summary>
    public sealed record Unknown(CallGraphReason Reason) : WatermarkAge;
}
