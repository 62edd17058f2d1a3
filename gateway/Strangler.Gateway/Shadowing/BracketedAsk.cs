using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Shadowing;

/// <summary>Asks legacy, and finds where the bracket of its answer begins.</summary>
internal static class BracketedAsk
{
    /// <summary>The caller has taken permission. Null if nothing is known about the source before the call.</summary>
    public static async ValueTask<(LegacyAnswer Answer, TakenLook? Before)> AskAsync(
        ILegacyReplay legacy,
        ISourceLooks looks,
        ShadowModel options,
        CancellationToken cancellationToken
    )
    {
        var look = await looks.LookAsync(cancellationToken);
        var answer = await legacy.AskAsync(cancellationToken);
        // legacy may answer from a cache, regardless of the request's headers
        return options.LegacyStaleness > TimeSpan.Zero
            ? (answer, looks.Before(answer.Began, options.LegacyStaleness))
            : (answer, look);
    }
}
