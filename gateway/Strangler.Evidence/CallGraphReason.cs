namespace Strangler.Evidence;

/// <summary>Why the call graph answered a request.</summary>
internal enum CallGraphReason
{
    /// <summary>The route is in a stage in which the call graph answers.</summary>
    Stage,

    /// <summary>
    /// The request asks for another protocol (WebSocket, h2c) or a tunnel, which no document can answer.
    /// </summary>
    Upgrade,

    /// <summary>
    /// A method (or one named by an override header) that the route doesn't declare, or may not answer without
    /// ReadOnly.
    /// </summary>
    UndeclaredMethod,
    UndeclaredQuery,
    RepeatedQuery,

    /// <summary>
    /// A header that changes what servers answer, with a value other than the default, on a route that doesn't declare
    /// it.
    /// </summary>
    UndeclaredHeader,

    /// <summary>The caller identifies itself, on a route that doesn't say who may see its answers.</summary>
    Credentials,

    /// <summary>Legacy, asked by the route's AuthorizeBy, doesn't let the caller see its answers.</summary>
    AccessRefused,

    /// <summary>A body on a route that declares none.</summary>
    UndeclaredBody,
    UndeclaredMember,
    RepeatedMember,
    BodyTooLarge,
    BodyNotJson,
    NoKey,
    TooManyKeys,

    /// <summary>A key that the projection can't parse; the call graph knows the right answer.</summary>
    KeyNotParsable,

    /// <summary>A key for which the key type's TryParse or ToString threw.</summary>
    KeyThrew,

    /// <summary>A key in the body that is not in its canonical text.</summary>
    KeyForm,

    /// <summary>A path that differs from the template with the key's canonical text.</summary>
    PathForm,

    /// <summary>A query that is not a list of name=value, or that servers decode differently.</summary>
    QueryForm,

    NotBuilt,
    OtherVersion,
    Dirty,
    Quarantined,
    Due,
    Stopped,

    /// <summary>
    /// The watermark is older than the route's MaxStaleness, or hasn't passed any look at the source.
    /// </summary>
    Stale,

    /// <summary>
    /// The watermark hasn't moved since this gateway started: whatever moves it may have stopped long ago.
    /// </summary>
    NotMoved,

    /// <summary>
    /// The gateway doesn't know the source, and the source's clock at the watermark is ahead of this gateway's.
    /// </summary>
    ClockAhead,

    /// <summary>
    /// The source's server isn't in the run that was last found to have the log's history, or the end of its log has
    /// moved back: it may have been restored to an older state.
    /// </summary>
    SourceUnverified,

    /// <summary>The store didn't answer within the route's LookupTimeout.</summary>
    LookupTimeout,
    StoreUnavailable,

    /// <summary>The store didn't answer several look-ups in a row, and was not asked.</summary>
    CircuitOpen,

    /// <summary>Legacy doesn't say whether the caller may see the route's answers.</summary>
    AccessUnknown,

    /// <summary>The look-up threw an unexpected exception.</summary>
    LookupFailed,

    /// <summary>All threads that run Respond are busy or stuck.</summary>
    RespondBusy,
    RespondThrew,
    RespondOverran,

    /// <summary>Respond made an answer that HTTP doesn't allow.</summary>
    AnswerInvalid,

    /// <summary>
    /// The source didn't answer a look in time, which the route's Freshness requires for each request.
    /// </summary>
    SourceUnseen,

    /// <summary>
    /// What the source had committed when the request arrived wasn't applied within the route's FreshnessTimeout.
    /// </summary>
    FreshnessLate,

    /// <summary>The projection says that it doesn't know the answer, for one of the keys or for the request.</summary>
    AskLegacy,

    /// <summary>
    /// The caller wrote something whose position in the source's log isn't known, on a route that promises to show it.
    /// </summary>
    PositionUnknown,
}
