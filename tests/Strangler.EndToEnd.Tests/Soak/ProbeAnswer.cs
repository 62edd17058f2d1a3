namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>Who gave an answer.</summary>
internal enum Answerer
{
    /// <summary>A document.</summary>
    Lookup,

    /// <summary>The legacy service, which marks its answers.</summary>
    Legacy,

    /// <summary>The gateway itself, in its own name.</summary>
    Gateway,

    /// <summary>There was no answer.</summary>
    Nobody,
}

/// <summary>A request of the prober and its result.</summary>
/// <param name="Asked">The request.</param>
/// <param name="Sent">Before it was sent.</param>
/// <param name="Read">After its answer was read.</param>
/// <param name="By">Who answered.</param>
/// <param name="Status">The status code; 0: none.</param>
/// <param name="Body">The body, or why no answer exists.</param>
/// <param name="Header">The gateway's <c>Strangler-Answer</c>.</param>
internal sealed record ProbeAnswer(
    Probe Asked,
    TimeSpan Sent,
    TimeSpan Read,
    Answerer By,
    int Status,
    string Body,
    string Header
)
{
    /// <summary>The kind under which it is counted.</summary>
    public string Kind => $"{Asked.Form}: {By.ToString().ToLowerInvariant()} {Status}";
}
