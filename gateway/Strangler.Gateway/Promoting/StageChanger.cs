using System.Data.Common;
using Strangler.Evidence.Gates;
using Strangler.Evidence.Guards;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Shadowing;
using Strangler.Gateway.Stages;
using Strangler.Projections;

namespace Strangler.Gateway.Promoting;

/// <summary>
/// Changes a route's stage, for persons and for <see cref="AutoPromotion"/> alike. 1. Read the stage as it is. 2. Check
/// what the new stage needs, and its gate. 3. Make the change, unless somebody else was first. 4. Make this gateway
/// follow.
/// </summary>
internal sealed class StageChanger(
    StageTable stages,
    StageStore store,
    StagePoll poll,
    BoundedAnswers answers,
    StagePromotion promoting,
    GatewayModel model,
    IMoments moments
)
{
    public async Task<StageChangeOutcome> ChangeAsync(
        GatewayRoute route,
        WantedStage wanted,
        CancellationToken cancellationToken
    )
    {
        var id = route.Model.RouteId;
        if (!await poll.RefreshAsync(cancellationToken) || stages.Current.Find(id) is not { } current) // 1.
            return new StageChangeOutcome.StoreGone(stages.Current.Trouble ?? "the route is not in it.");
        if (wanted.Version is { } version && version != current.Version)
            return Raced(id);
        if (current.Stage == wanted.To)
            return Refused(
                $"The route '{id}' is in stage '{wanted.To.Text()}' already, since {current.ChangedAt:u}, by "
                    + $"'{current.Who}': {current.Why}",
                "There is nothing to do."
            );
        if (await HeldAsync(route, current, wanted, cancellationToken) is { } held) // 2.
            return held;
        if (await NotReadyAsync(route, wanted.To, cancellationToken) is { } notReady)
            return notReady;
        var (evidence, note, refusal) = await promoting.AskAsync(
            route,
            current.Stage,
            wanted.To,
            wanted.Force,
            cancellationToken
        );
        if (refusal is not null)
            return refusal;
        try
        {
            var isChanged = await store.TryChangeAsync(
                new StageWrite(id, current.Version, wanted.To, wanted.Who, wanted.Why)
                {
                    Forced = wanted.Force && wanted.To.Traits().IsGated,
                    Evidence = evidence,
                    IsFrozen = current.IsFrozen && wanted.To < current.Stage,
                },
                cancellationToken
            ); // 3.
            if (!isChanged)
                return Raced(id);
        }
        catch (DbException exception)
        {
            return new StageChangeOutcome.StoreGone(exception.Message);
        }
        await poll.RefreshAsync(cancellationToken); // 4.
        return new StageChangeOutcome.Changed(note);
    }

    /// <summary>
    /// Takes a route back for its guard: in this gateway at once, whatever the store does. The poll tells the store.
    /// </summary>
    /// <returns>False if it has changed by now, or has been put back already.</returns>
    public bool TryStepBack(StageTable.PutBack putBack) => stages.TryPutBack(putBack);

    /// <summary>Lets a route be promoted again that its guard froze. Its stage stays.</summary>
    public async Task<StageChangeOutcome> UnfreezeAsync(
        GatewayRoute route,
        string who,
        string why,
        CancellationToken cancellationToken
    )
    {
        var id = route.Model.RouteId;
        if (!await poll.RefreshAsync(cancellationToken) || stages.Current.Find(id) is not { } current)
            return new StageChangeOutcome.StoreGone(stages.Current.Trouble ?? "the route is not in it.");
        if (!current.IsFrozen)
            return Refused($"The route '{id}' is not frozen.", "There is nothing to do.");
        try
        {
            if (
                !await store.TryChangeAsync(
                    new StageWrite(id, current.Version, current.Stage, who, why),
                    cancellationToken
                )
            )
                return Raced(id);
        }
        catch (DbException exception)
        {
            return new StageChangeOutcome.StoreGone(exception.Message);
        }
        await poll.RefreshAsync(cancellationToken);
        return new StageChangeOutcome.Changed(null);
    }

    /// <summary>What a guard that has tripped prevents: going forward, unless a person forces it.</summary>
    private async Task<StageChangeOutcome?> HeldAsync(
        GatewayRoute route,
        RouteStage current,
        WantedStage wanted,
        CancellationToken cancellationToken
    )
    {
        var id = current.Route;
        if (wanted.To <= current.Stage || wanted.Force)
            return null;
        if (current.IsFrozen)
            return Held(
                $"The route '{id}' is frozen by its guard.",
                $"'strangler unfreeze {id} --reason TEXT' lifts that when the cause is gone, and 'promote --force "
                    + "--reason TEXT' passes it; 'GET /routes/ROUTE/history' of the admin API has the evidence."
            );
        try
        {
            var trips = await store.TripsAsync(id, cancellationToken);
            var left = CoolDown.Left(route.Model.Guards, trips);
            return left == TimeSpan.Zero
                ? null
                : Held(
                    $"The guard '{trips[0].Rule}' of the route '{id}' tripped {GateText.Span(trips[0].Ago)} ago, and "
                        + $"its cool-down lasts for {GateText.Duration(left.TotalHours)} more.",
                    "Remove the cause and try again then; 'promote --force --reason TEXT' doesn't wait."
                );
        }
        catch (DbException exception)
        {
            return new StageChangeOutcome.StoreGone(exception.Message);
        }
    }

    private static StageChangeOutcome.Refused Held(string problem, string wayOut) =>
        new([new Fault("guard", problem, wayOut)]);

    /// <summary>What prevents a route from being in a stage, if anything.</summary>
    private async Task<StageChangeOutcome?> NotReadyAsync(
        GatewayRoute route,
        Stage stage,
        CancellationToken cancellationToken
    )
    {
        var traits = stage.Traits();
        if (traits.NeedsSource && model.Source is null)
            return Refused(
                "The gateway does not know the source's primary, without which nothing can be compared.",
                "Set 'Gateway:Source' to a connection string of a login without rights on tables, "
                    + "and start the gateway again."
            );
        if (traits.IsCompared && moments is UnavailableMoments)
            return Refused(
                "The gateway cannot ask the projections, without which nothing can be compared.",
                "Set 'Projections:Moments' to an address of loopback, and start projections and gateway again."
            );
        return traits.UsesLookup ? await NotBuiltAsync(route, cancellationToken) : null;
    }

    /// <summary>The problem that prevents answering a route from its projection, if any.</summary>
    private async Task<StageChangeOutcome?> NotBuiltAsync(GatewayRoute route, CancellationToken cancellationToken)
    {
        if (route.Model.Unloaded is { } unloaded)
            return Refused(
                $"The projection '{unloaded}' of the route '{route.Model.RouteId}' is not loaded here: this "
                    + "gateway could not load the projections' assemblies.",
                "'strangler routes' says why. Fix it, and start the gateway again."
            );
        if (route.Model.Lookup is not { } lookup)
            return Refused(
                $"The route '{route.Model.RouteId}' names no projection that could answer it.",
                "Set 'Projection' and 'Key' in its 'Strangler' section, and start the gateway again."
            );
        var projection = lookup.Responder.Projection.Name;
        try
        {
            if (await answers.WatermarkAsync(projection, cancellationToken) is not null)
                return null;
            return Refused(
                $"The projection '{projection}' has not been built: it has no watermark.",
                "Run 'strangler bridge' and 'strangler projections', and try again when it has."
            );
        }
        catch (AnswersUnavailableException exception)
        {
            return new StageChangeOutcome.StoreGone(exception.Message);
        }
    }

    private static StageChangeOutcome.Refused Raced(string route) =>
        Refused(
            $"Somebody else changed the stage of '{route}' at the same moment.",
            "Look at 'strangler routes', and decide again."
        );

    private static StageChangeOutcome.Refused Refused(string problem, string wayOut) =>
        new([new Fault("stage", problem, wayOut)]);
}
