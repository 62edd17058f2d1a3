namespace Strangler.Comparing.Verdicts;

/// <summary>Which answers of legacy can't be compared.</summary>
internal static class IncomparableStatuses
{
    /// <summary>Null: it can be compared.</summary>
    /// <param name="contentType">The Content-Type that was sent; empty if there was none.</param>
    public static IncomparableReason? Incomparable(int status, string contentType) =>
        status switch
        {
            304 => IncomparableReason.NotModified,
            408 or 504 => IncomparableReason.TimedOut,
            429 => IncomparableReason.TooManyRequests,
            >= 500 => IncomparableReason.Failed,
            < 200 or 206 => IncomparableReason.NotAnAnswer,
            _ when contentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase)
                    || contentType.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) =>
                IncomparableReason.NotAnAnswer,
            _ => null,
        };
}
