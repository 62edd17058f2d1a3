namespace Strangler.Evidence;

/// <summary>What is counted in a scope: the values of <c>evidence_count.what</c>.</summary>
internal static class CountNames
{
    /// <summary>
    /// Names: <see cref="Sampled"/>, <see cref="Compared"/>, <see cref="Answerable"/>, <see cref="WithCredentials"/>.
    /// </summary>
    public const string Requests = "requests";

    /// <summary>Requests in shadow that the lookup would answer, sampled or not.</summary>
    public const string Answerable = "answerable";

    /// <summary>Of these, requests with credentials.</summary>
    public const string WithCredentials = "with-credentials";

    /// <summary>Names are credential headers, in lower case.</summary>
    public const string Credentials = "credentials";

    /// <summary>Names are statuses: 401, 403.</summary>
    public const string Refused = "refused";

    /// <summary>
    /// Of the requests, those that the lookup answered. Names: <see cref="Sampled"/>, <see cref="Compared"/>,
    /// <see cref="Dropped"/>; and <see cref="Wrong"/> for their wrong parts.
    /// </summary>
    public const string Recheck = "recheck";

    public const string Sampled = "sampled";
    public const string Compared = "compared";

    /// <summary>Names are reasons.</summary>
    public const string Dropped = "dropped";

    /// <summary>
    /// What couldn't be stored. Names: <see cref="Sampled"/>, <see cref="Compared"/>, <see cref="Dropped"/>.
    /// </summary>
    public const string Lost = "lost";

    /// <summary>Names are verdicts; details are their reasons.</summary>
    public const string Verdict = "verdict";

    public const string MatchQuiet = "match-quiet";
    public const string MatchWithCommit = "match-with-commit";
    public const string Wrong = "wrong";
    public const string Torn = "torn";
    public const string Incomparable = "incomparable";
    public const string Undetermined = "undetermined";

    /// <summary>Names are the lookup's reasons to ask the call graph.</summary>
    public const string Miss = "miss";

    /// <summary>
    /// Compared requests for which the projection asks legacy. Names are its reasons, bounded in number.
    /// </summary>
    public const string AskLegacy = "ask-legacy";

    /// <summary>Names are general paths; details are kinds.</summary>
    public const string Difference = "difference";

    /// <summary>
    /// Wrong parts by fault. Names are signatures; details are their kinds and paths, bounded.
    /// </summary>
    public const string Fault = "fault";

    /// <summary>Names are general paths; details are rules.</summary>
    public const string Ignored = "ignored";

    /// <summary>Names are general paths.</summary>
    public const string Noise = "noise";

    /// <summary>Answers whose headers were compared: a name of <see cref="Requests"/>.</summary>
    public const string Headers = "headers";

    /// <summary>Names are headers in lower case; details are how they differ.</summary>
    public const string Header = "header";

    /// <summary>The name for everything above the limit.</summary>
    public const string More = "(more)";

    public const string LegacySide = "legacy";
    public const string LookupSide = "lookup";
    public const string LateSide = "late";
}
