using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Reports;
using Strangler.Gateway.Stages;

namespace Strangler.Gateway.Admin;

/// <summary>Asks a route's evidence whether it may go to a stage.</summary>
internal sealed class Promoting(EvidenceReports reports)
{
    private static readonly JsonSerializerOptions Json = new(AdminJson.Options) { WriteIndented = false };

    /// <returns>The evidence that is kept with the change, as JSON (null where the stage asks for none), what is to be said though it stands against nothing, or a refusal that names everything that is missing.</returns>
    public async Task<(string? Evidence, string? Note, IResult? Refusal)> AskAsync(GatewayRoute route, Stage from, Stage to, bool force, CancellationToken cancellationToken)
    {
        if (to != Stage.Lookup) return (null, null, null);
        try
        {
            if (!await reports.FlushAsync(cancellationToken) && !force) return (null, null, Problems.StoreGone("the newest evidence could not be written, so that nobody can tell what it says."));
            if (await reports.SummaryAsync(route, cancellationToken) is not { } summary) return (null, null, null); // without a projection it has been refused already
            var evidence = JsonSerializer.Serialize(summary, Json);
            if (force || Gate.Decide(route.Model.Gate, summary, from, to) is not GateDecision.Refused refused) return (evidence, Gate.Lost(summary), null);
            return (null, null, Problems.Of(StatusCodes.Status409Conflict, [.. refused.Missing.Select(rule => new Fault($"gate:{rule.Name}", rule.Found, rule.WayOut)),
                new Fault("gate", "The route stays where it is.", "'promote --force --reason TEXT' goes past the gate; who did it and why is kept for ever.")]));
        }
        catch (DbException exception)
        {
            return (null, null, Problems.StoreGone(exception.Message));
        }
    }
}
