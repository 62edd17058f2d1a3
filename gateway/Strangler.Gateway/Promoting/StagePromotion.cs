using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using Strangler.Evidence.Gates;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Reporting;
using Strangler.Gateway.Shadowing;

namespace Strangler.Gateway.Promoting;

/// <summary>
/// Asks a route's evidence whether it may go to a stage. 1. Wait for comparisons that have begun, since they may be
/// wrong. 2. Write everything found. 3. The gate decides.
/// </summary>
internal sealed class StagePromotion(EvidenceReports reports, ShadowRoutes shadows, TimeProvider time)
{
    /// <summary>
    /// The time that a comparison takes in addition to waiting for the watermark: the end of its bracket, at most 3 s,
    /// and the comparing itself.
    /// </summary>
    private static readonly TimeSpan OtherWork = TimeSpan.FromSeconds(5);

    /// <summary>How long a promotion waits for comparisons at most.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(90);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <returns>
    /// The evidence to keep with the change, as JSON (null if the stage requires none), and a note that doesn't prevent
    /// the change; or a refusal that names everything that is missing.
    /// </returns>
    public async Task<(string? Evidence, string? Note, StageChangeOutcome? Refusal)> AskAsync(
        GatewayRoute route,
        Stage from,
        Stage to,
        bool force,
        CancellationToken cancellationToken
    )
    {
        if (!to.Traits().IsGated)
            return (null, null, null);
        var underWay = force ? null : await UnderWayAsync(route, cancellationToken); // 1.
        try
        {
            if (!await reports.FlushAsync(cancellationToken) && !force)
                return (
                    null,
                    null,
                    new StageChangeOutcome.StoreGone(
                        "the newest evidence could not be written, so the gate can't decide."
                    )
                ); // 2.
            if (await reports.SummaryAsync(route, cancellationToken) is not { } summary)
                return (null, null, null); // a route without a projection was refused earlier
            var evidence = JsonSerializer.Serialize(summary, Json);
            var missing = force ? [] : Missing(underWay, Gate.Decide(route.Model.Gate, summary, from, to)); // 3.
            if (missing.Count == 0)
                return (evidence, Gate.Note(summary), null);
            return (
                null,
                null,
                new StageChangeOutcome.Refused([
                    .. missing.Select(rule => new Fault($"gate:{rule.Name}", rule.Found, rule.WayOut)),
                    new Fault(
                        "gate",
                        "The route stays where it is.",
                        "'strangler report' shows all that was found. 'promote --force --reason TEXT' bypasses "
                            + "the gate; who did it and why is kept permanently."
                    ),
                ])
            );
        }
        catch (DbException exception)
        {
            return (null, null, new StageChangeOutcome.StoreGone(exception.Message));
        }
    }

    /// <summary>Null if all comparisons that had begun before the call have ended. Later ones don't count.</summary>
    private async Task<GateRule?> UnderWayAsync(GatewayRoute route, CancellationToken cancellationToken)
    {
        if (shadows.Find(route.Model.RouteId) is not { } shadow)
            return null;
        var began = time.GetTimestamp();
        var limit = shadow.Options.Delay + shadow.Options.Wait + OtherWork;
        var left = await shadow.WaitForEarlierAsync(limit < MaxWait ? limit : MaxWait, cancellationToken);
        return left == 0 ? null : Gate.OfUnderWay(left, time.GetElapsedTime(began));
    }

    private static List<GateRule> Missing(GateRule? underWay, GateDecision decision) =>
        [
            .. underWay is null ? [] : new[] { underWay },
            .. decision is GateDecision.Refused refused ? refused.Missing : [],
        ];
}
