using Strangler.Comparing.Verdicts;

namespace Strangler.Evidence;

/// <summary>What each reason means, as a sentence for readers of a report.</summary>
internal static class ReasonDescriptions
{
    private static readonly Dictionary<string, string> Drops = new()
    {
        [EnumText.Of(DropReason.PerSecond)] = "More requests came in a second than the route compares.",
        [EnumText.Of(DropReason.QueueFull)] =
            "More requests and comparisons of the route were under way than the gateway has places for.",
        [EnumText.Of(DropReason.Memory)] = "More bytes of answers were being held than the gateway holds.",
        [EnumText.Of(DropReason.Undeclared)] =
            "The request had an input that the route doesn't declare, "
            + "or a target that isn't spelled as the lookup answers it.",
        [EnumText.Of(DropReason.NoSight)] = "The last look at the source was too old to tell where the bracket begins.",
        [EnumText.Of(DropReason.TooLong)] = "The answer had not ended after five minutes.",
        [EnumText.Of(DropReason.Ended)] = "The gateway ended before it was compared.",
        [EnumText.Of(DropReason.LegacyBudget)] =
            "The lookup answered it, and legacy may not be asked more often (Shadow:AskAgain:PerSecond).",
    };

    private static readonly Dictionary<FallbackLimit, string> Fallbacks = new()
    {
        [FallbackLimit.Gateway] = "As many such requests are waiting for legacy as the gateway allows.",
        [FallbackLimit.Concurrent] = "As many such requests of the route are waiting for legacy as it allows.",
        [FallbackLimit.PerSecond] = "As many such requests of the route went to legacy in a second as it allows.",
        [FallbackLimit.Circuit] = "Legacy failed several such requests of the route in a row.",
    };

    private static readonly Dictionary<string, string> Causes = new()
    {
        [EnumText.Of(WrongCause.Projection)] = "The projection's function says so of these rows.",
        [EnumText.Of(WrongCause.Engine)] =
            "The stored document is not what the function makes of the mirrored rows: "
            + "a fault of Strangler, please report it.",
        [EnumText.Of(WrongCause.Behind)] =
            "Legacy's answer equals an older moment: "
            + "legacy answers from something older than the route declares (LegacyStaleness).",
        [EnumText.Of(WrongCause.UndeclaredDependency)] =
            "The same request matched before, and no declared row of it has changed since: legacy depends on something "
            + "that nobody declared, such as a settings table, a file, the time, or a deployment.",
        [EnumText.Of(WrongCause.Ahead)] = "Legacy's answer equals a later moment: the bracket ended too early.",
        [EnumText.Of(WrongCause.Request)] =
            "Legacy understands of the request what the route doesn't say: a header, or another spelling.",
    };

    private static readonly Dictionary<string, string> Incomparables = new()
    {
        [EnumText.Of(IncomparableReason.Failed)] = "Legacy answered with 5xx.",
        [EnumText.Of(IncomparableReason.TimedOut)] =
            "Legacy answered with 408 or 504, or not within the route's timeout.",
        [EnumText.Of(IncomparableReason.CutOff)] = "The answer was incomplete, or the client disconnected.",
        [EnumText.Of(IncomparableReason.NotModified)] = "Legacy answered with 304, which has no body.",
        [EnumText.Of(IncomparableReason.TooManyRequests)] = "Legacy answered with 429.",
        [EnumText.Of(IncomparableReason.TooLarge)] = "The answer has more bytes than are compared.",
        [EnumText.Of(IncomparableReason.Unreadable)] =
            "The answer is deeper than is compared, broken, or in an unknown encoding.",
        [EnumText.Of(IncomparableReason.NotAnAnswer)] =
            "The answer is a part of a resource, an upgrade or a stream of events.",
    };

    private static readonly Dictionary<string, string> Doubts = new()
    {
        [EnumText.Of(Doubt.WatermarkLate)] = "The watermark did not pass the bracket in time.",
        [EnumText.Of(Doubt.NoBudget)] = "The answers differ, and no budget was left to ask legacy again.",
        [EnumText.Of(Doubt.NeverAtRest)] = "The answers differ, and the key never came to rest.",
        [EnumText.Of(Doubt.Noise)] = "Two answers of legacy differ from each other in a quiet bracket.",
        [EnumText.Of(Doubt.ProjectionThrew)] = "The projection's function threw for this key.",
        [EnumText.Of(Doubt.RespondFailed)] =
            "Respond threw, overran its limit, or made an answer that HTTP does not allow.",
        [EnumText.Of(Doubt.PollBroken)] =
            "The connection to the source broke within the bracket: a crash may have undone commits.",
        [EnumText.Of(Doubt.CatalogueMoved)] =
            "A table that is read was altered, or the bridge had not looked at the catalogue again in time.",
        [EnumText.Of(Doubt.BeforeHistory)] = "The bracket begins before the oldest kept history.",
        [EnumText.Of(Doubt.NotServed)] = "The projection is not built in this version, or has stopped.",
        [EnumText.Of(Doubt.EpochChanged)] = "The source started over in between.",
        [EnumText.Of(Doubt.TooManyMoments)] = "The bracket has more moments than are examined.",
        [EnumText.Of(Doubt.Unavailable)] = "The projections, or the source, did not answer.",
        [EnumText.Of(Doubt.SecondIncomparable)] = "The second answer of legacy could not be compared.",
        [EnumText.Of(Doubt.NoMemory)] =
            "Comparing it would have taken more bytes than the gateway holds (ShadowBytes).",
        [EnumText.Of(Doubt.AskLegacy)] =
            "The projection says that it does not know the answer, so the lookup would ask legacy.",
    };

    private static readonly Dictionary<string, string> Misses = new()
    {
        [CallGraphReason.NotBuilt.Text()] = "Nothing has been built for the projection yet.",
        [CallGraphReason.OtherVersion.Text()] = "The document was made by another version.",
        [CallGraphReason.Dirty.Text()] = "The document was waiting to be computed again.",
        [CallGraphReason.Quarantined.Text()] = "The projection's function failed for this key.",
        [CallGraphReason.Due.Text()] = "The document had expired by itself.",
        [CallGraphReason.Stopped.Text()] = "The projection has stopped.",
        [CallGraphReason.Stale.Text()] = "The watermark was older than the route's limit.",
        [CallGraphReason.NotMoved.Text()] = "The watermark had not moved since the gateway started.",
        [CallGraphReason.ClockAhead.Text()] =
            "The source's clock was ahead of the gateway's, and Gateway:Source is not set.",
        [CallGraphReason.SourceUnverified.Text()] = "The log had not been compared yet with the source as it is now.",
        [CallGraphReason.AskLegacy.Text()] = "The projection says that it does not know the answer.",
        [CallGraphReason.LookupTimeout.Text()] = "The store did not answer in time.",
        [CallGraphReason.StoreUnavailable.Text()] = "The store did not answer.",
        [CallGraphReason.CircuitOpen.Text()] =
            "The store had not answered several look-ups in a row, and was not asked.",
        [CallGraphReason.AccessUnknown.Text()] = "Legacy did not say whether the caller may see the answer.",
        [CallGraphReason.LookupFailed.Text()] = "The look-up failed by a defect.",
        [CallGraphReason.RespondBusy.Text()] = "All threads of Respond were busy.",
        [CallGraphReason.RespondThrew.Text()] = "Respond threw.",
        [CallGraphReason.RespondOverran.Text()] = "Respond overran its limit.",
        [CallGraphReason.AnswerInvalid.Text()] = "Respond made an answer that HTTP does not allow.",
        [CallGraphReason.SourceUnseen.Text()] = "The source did not answer a look in time.",
        [CallGraphReason.FreshnessLate.Text()] =
            "What the source had committed when the request arrived, or what the caller had seen, was not applied in "
            + "time.",
        [CallGraphReason.PositionUnknown.Text()] = "It was not known where in the log the caller's last write is.",
    };

    public const string TornMeaning =
        "Legacy had read at several moments: its answer equals the function over a mix of row versions.";

    public static string OfHeader(string kind) =>
        kind switch
        {
            "missing" => "missing from the lookup",
            "extra" => "only in the lookup",
            _ => "another value",
        };

    public static string OfDrop(string reason) => Drops.GetValueOrDefault(reason, Unknown);

    public static string OfFallback(FallbackLimit limit) => Fallbacks[limit];

    public static string OfVerdict(string verdict, string reason) =>
        (
            verdict switch
            {
                CountNames.Wrong => Causes,
                CountNames.Incomparable => Incomparables,
                CountNames.Undetermined => Doubts,
                _ => [],
            }
        ).GetValueOrDefault(reason, verdict == CountNames.Torn ? TornMeaning : Unknown);

    public const string OfAskLegacy = "The projection says so.";

    public static string OfMiss(string reason) =>
        Misses.GetValueOrDefault(reason, "The call graph would have been asked because of the request's content.");

    private const string Unknown = "The reason is known only to another version of this program.";
}
