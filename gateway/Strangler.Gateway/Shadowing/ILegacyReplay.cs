namespace Strangler.Gateway.Shadowing;

/// <summary>Asks legacy one sampled request: again, or for the first time if the lookup answered it.</summary>
internal interface ILegacyReplay
{
    /// <summary>Takes permission to ask once. False if the budget is spent.</summary>
    ValueTask<bool> MayAskAsync(CancellationToken cancellationToken);

    /// <summary>Asks.</summary>
    ValueTask<LegacyAnswer> AskAsync(CancellationToken cancellationToken);

    /// <summary>Waits between two rounds, longer each time.</summary>
    ValueTask PauseAsync(int round, CancellationToken cancellationToken);
}
