using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Sessions;

/// <summary>The sessions in a row whose stream the server abandoned at one place, for no known reason.</summary>
/// <param name="Count">How many there were in a row.</param>
/// <param name="At">Where the log ended when the last session did.</param>
internal sealed record AbandonedStreams(int Count, Position? At)
{
    /// <summary>From this count on, it doesn't pass by itself.</summary>
    public const int Max = 5;

    public static readonly AbandonedStreams None = new(0, null);

    /// <summary>Whether a person has to be told: at the fifth, and at each fifth from then on.</summary>
    public bool IsStuck => Count > 0 && Count % Max == 0;

    /// <param name="end">How the next session ended.</param>
    public AbandonedStreams After(SessionEnd end) =>
        new(
            end is not SessionEnd.StreamAbandoned ? 0
                : end.End == At ? Count + 1
                : 1,
            end.End
        );
}
