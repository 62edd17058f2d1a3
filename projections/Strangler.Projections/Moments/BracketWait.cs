using Strangler.ChangeLog;

namespace Strangler.Projections.Moments;

/// <summary>
/// Waits until a bracket can be read: the applier has passed L1, the catalogue has been found in order at a look that
/// began after L1, and what the log held at that look has been applied.
/// </summary>
internal sealed class BracketWait(AppliedSignal applied, LogExtentReader catalogue)
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    /// <returns>Null if the bracket can be read.</returns>
    public async Task<BracketFound.Undetermined?> WaitAsync(
        ParsedBracketQuestion asked,
        int epoch,
        TimeSpan wait,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(
            wait < TimeSpan.Zero ? TimeSpan.Zero
            : wait > MaxWait ? MaxWait
            : wait
        );
        var hasPassed = false;
        try
        {
            if (!await PassAsync(Position.EndOf(epoch, asked.To.JustBefore), epoch, limit.Token))
                return EpochChanged();
            hasPassed = true;
            var extent = catalogue.Latest;
            // A look at L1 itself isn't enough: nothing may have been written since, and a transaction that alters a
            // table may have been about to become visible.
            while (!(extent is { End.Epoch: var now, CatalogueSeen: { } seen } && now == epoch && seen > asked.To))
            {
                if (extent?.End?.Epoch > epoch)
                    return EpochChanged();
                extent = await catalogue.NextAsync(limit.Token);
            }
            return await PassAsync(extent.End!.Value, epoch, limit.Token) ? null : EpochChanged();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return hasPassed
                ? new(
                    UndeterminedReason.CatalogueMoved,
                    "The source's catalogue was last found in order at "
                        + $"{catalogue.Latest?.CatalogueSeen?.ToString() ?? "no time"}; the bracket ends at {asked.To}."
                )
                : new(
                    UndeterminedReason.WatermarkLate,
                    $"The projections have applied the source through {applied.Through}; "
                        + $"the bracket ends at {asked.To}."
                );
        }

        BracketFound.Undetermined EpochChanged() =>
            new(
                UndeterminedReason.EpochChanged,
                $"The source's epoch was {epoch} when the question arrived, and changed while it waited."
            );
    }

    /// <returns>False if the epoch changed.</returns>
    private async Task<bool> PassAsync(Position position, int epoch, CancellationToken cancellationToken)
    {
        while (true)
        {
            var moved = applied.Moved();
            var through = applied.Through;
            if (through.Epoch != epoch)
                return false;
            if (through >= position)
                return true;
            await moved.WaitAsync(cancellationToken);
        }
    }
}
