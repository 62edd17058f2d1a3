namespace Strangler.Evidence;

/// <summary>Why the call graph answered a request.</summary>
internal enum CallGraphReason
{
    /// <summary>The route is in a stage in which the call graph answers.</summary>
    Stage,

    /// <summary>The request asks for another protocol (WebSocket, h2c) or a tunnel: no document answers that.</summary>
    Upgrade,

    /// <summary>
    /// A method (or one named by an override header) that the route does not declare, or may not answer without
    /// ReadOnly.
    /// </summary>
    UndeclaredMethod,
    UndeclaredQuery,
    RepeatedQuery,

    /// <summary>A body on a route that declares none.</summary>
    UndeclaredBody,
    UndeclaredMember,
    RepeatedMember,
    BodyTooLarge,
    BodyNotJson,
    NoKey,
    TooManyKeys,

    /// <summary>A key that the projection cannot read; the call graph knows what to say.</summary>
    KeyNotParsable,

    /// <summary>A key for which the key type's TryParse or ToString threw.</summary>
    KeyThrew,

    /// <summary>A key of the body that is not written in its canonical text.</summary>
    KeyForm,

    /// <summary>A path that is not spelled as the template and the key's canonical text are.</summary>
    PathForm,

    /// <summary>A query that is not a list of name=value, or one that servers decode to different texts.</summary>
    QueryForm,

    NotBuilt,
    OtherVersion,
    Dirty,
    Quarantined,
    Due,
    Stopped,

    /// <summary>
    /// The watermark is older than the route's MaxStaleness, or has not passed any look at the source.
    /// </summary>
    Stale,

    /// <summary>
    /// The watermark has not moved since this gateway started: what moves it may have ended long ago.
    /// </summary>
    NotMoved,

    /// <summary>
    /// The gateway does not know the source, and its clock at the watermark lies ahead of this gateway's.
    /// </summary>
    ClockAhead,

    /// <summary>
    /// The source's server is another run than the one that was last found to have the log's history, or its log's end
    /// has gone back: it may have been put back to an older state.
    /// </summary>
    SourceUnverified,

    /// <summary>The store did not answer within the route's LookupTimeout.</summary>
    LookupTimeout,
    StoreUnavailable,

    /// <summary>The store did not answer several look-ups in a row, and was not asked.</summary>
    CircuitOpen,

    /// <summary>Looking up threw something that it should not.</summary>
    LookupFailed,

    /// <summary>All threads that run Respond are busy or stuck.</summary>
    RespondBusy,
    RespondThrew,
    RespondOverran,

    /// <summary>Respond made an answer that HTTP does not allow.</summary>
    AnswerInvalid,
}

/// <summary>
/// How reasons are written in metrics, reports and the answer header, and which of them are the lookup's doing.
/// </summary>
internal static class CallGraphReasons
{
    private static readonly string[] Texts = [.. Enum.GetNames<CallGraphReason>().Select(Kebab)];

    public static int Count => Texts.Length;

    public static string Text(this CallGraphReason reason) => Texts[(int)reason];

    /// <summary>
    /// Whether the lookup failed the request, so that the load guard stands before the call graph. What the request
    /// itself brought was always the call graph's to answer.
    /// </summary>
    public static bool IsFallback(this CallGraphReason reason) => reason >= CallGraphReason.NotBuilt;

    private static string Kebab(string name) =>
        string.Concat(
            name.Select(
                (letter, index) =>
                    char.IsUpper(letter) && index > 0
                        ? $"-{char.ToLowerInvariant(letter)}"
                        : char.ToLowerInvariant(letter).ToString()
            )
        );
}
