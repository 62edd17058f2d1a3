namespace Strangler.Gateway.Configuration;

/// <summary>How legacy is asked whether a caller may see a route's answers.</summary>
/// <param name="Target">What is asked for.</param>
/// <param name="Headers">Headers that are sent in addition to those that identify the caller.</param>
/// <param name="Timeout">How long legacy may take.</param>
/// <param name="For">How long its answer counts for the same caller and target.</param>
internal sealed record AuthorizeByModel(
    TargetTemplate Target,
    IReadOnlyList<string> Headers,
    TimeSpan Timeout,
    TimeSpan For
);
