namespace Strangler.Evidence.Reports;

/// <summary>How high the share of wrong versions may be, valid however often it is examined.</summary>
/// <param name="Upper">The upper bound, from 0 to 1; 1 if nothing was compared.</param>
/// <param name="Confidence">The confidence level.</param>
/// <param name="Wrong">The number of wrong versions.</param>
/// <param name="Distinct">The number of versions that ended as match or wrong.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Citation">Its source.</param>
public sealed record BoundReport(
    double Upper,
    double Confidence,
    long Wrong,
    long Distinct,
    string Method,
    string Citation
);
