using System.Reflection;
using Strangler.ChangeLog;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Gateway.Forwarding;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Telemetry;
using Strangler.Projections;
using Xunit;

namespace Strangler.Architecture.Tests.Names;

/// <summary>
/// Words in metric tags, headers, reports and the store. Many are derived from the names of enumeration members.
/// </summary>
public sealed class WordTests
{
    private static readonly Verdict[] Verdicts =
    [
        new Verdict.Match(Quiet: true, Commits: 0),
        new Verdict.Wrong([], WrongCause.Projection),
        Verdict.Torn.Value,
        new Verdict.Incomparable(IncomparableReason.Failed),
        new Verdict.Undetermined(Doubt.Noise, ""),
    ];

    [Fact]
    public void Words_OfReasonsAndVerdicts_AreTheApproved() =>
        ApprovedNames.Equal(
            "words",
            "Words in metrics, headers, reports and the store. Dashboards, pipelines and stored evidence depend on "
                + "them.",
            Lists()
                .SelectMany(
                    (list, i) =>
                        (string[])
                            [.. i == 0 ? [] : new[] { "" }, list.Name, .. list.Words.Select(word => $"    {word}")]
                )
        );

    private static IEnumerable<(string Name, IEnumerable<string> Words)> Lists() =>
        [
            ("stage", Each<Stage>(stage => stage.Text())),
            ("answered_by", Each<AnsweredBy>(answeredBy => answeredBy.Text())),
            ("why the call graph answers", Each<CallGraphReason>(reason => reason.Text())),
            (
                "why a key has no document, by number",
                Each<MissReason>(reason => $"{(int)reason} {LookupEligibility.ReasonOf(reason).Text()}")
            ),
            (
                "why the gateway refuses",
                [
                    RequestRefusal.AmbiguousPath.Reason,
                    RequestRefusal.ClimbingPath.Reason,
                    RequestRefusal.MovedDotSegments.Reason,
                ]
            ),
            ("verdict", Verdicts.Select(ShadowStats.Name)),
            ("why a sample is dropped", Each<DropReason>(ShadowStats.Name)),
            ("why a sample is dropped, in the store", Each<DropReason>(EnumText.Of)),
            ("why an answer is incomparable", Each<IncomparableReason>(EnumText.Of)),
            ("why a verdict is undetermined", Each<Doubt>(EnumText.Of)),
            (
                "why the projections determine nothing, by number",
                Each<UndeterminedReason>(reason => $"{(int)reason} {EnumText.Of(reason)}")
            ),
            ("cause of a wrong verdict", Each<WrongCause>(EnumText.Of)),
            ("kind of a difference", Each<DifferenceKind>(EnumText.Of)),
            ("kind of a header's difference", Each<HeaderDifferenceKind>(EnumText.Of)),
            ("gateway.evidence_count.what, .name and gateway.evidence_duration.side", Constants(typeof(CountNames))),
            ("log.record.kind", RecordKinds()),
        ];

    private static string[] RecordKinds() =>
        [
            $"{(int)LogRecordKind.Data} row",
            $"{(int)LogRecordKind.Tombstone} tombstone",
            $"{(int)LogRecordKind.Truncate} truncate",
            $"{(int)LogRecordKind.Heartbeat} heartbeat",
            $"{(int)LogRecordKind.Transaction} begin or end of a transaction",
            $"{(int)LogRecordKind.Message} logical message",
            $"{(int)LogRecordKind.Outbox} outbox event",
            $"{(int)LogRecordKind.Schema} schema of a table",
            $"{(int)LogRecordKind.TableRead} table read completely",
            $"{(int)LogRecordKind.TableDoubt} table in doubt",
        ];

    private static IEnumerable<string> Each<TEnum>(Func<TEnum, string> text)
        where TEnum : struct, Enum => Enum.GetValues<TEnum>().Select(text);

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.Public)
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Order(StringComparer.Ordinal);
}
