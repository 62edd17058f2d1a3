namespace Strangler.Comparing.Verdicts;

/// <summary>Why legacy's answer can't be compared.</summary>
internal enum IncomparableReason
{
    /// <summary>5xx.</summary>
    Failed,

    /// <summary>408 or 504, or no answer within the route's timeout.</summary>
    TimedOut,

    /// <summary>The body is incomplete, or the client disconnected.</summary>
    CutOff,

    /// <summary>304.</summary>
    NotModified,

    /// <summary>429.</summary>
    TooManyRequests,

    /// <summary>The body exceeds the limit.</summary>
    TooLarge,

    /// <summary>Too deep, broken JSON, or an unknown encoding or charset.</summary>
    Unreadable,

    /// <summary>A partial response, an upgrade, or a stream of events.</summary>
    NotAnAnswer,
}
