using System.Diagnostics.CodeAnalysis;

namespace Strangler.ChangeLog;

/// <summary>
/// A notification of the projections in the store, sent while a reader waits: a source is applied through a position.
/// </summary>
/// <param name="Source">The source's name.</param>
/// <param name="Through">The position.</param>
public sealed record AppliedPosition(string Source, Position Through)
{
    /// <summary>The channel of NOTIFY.</summary>
    public const string Channel = "strangler_applied";

    /// <summary>The payload: the position and the source's name, separated by a space.</summary>
    public override string ToString() => $"{Through} {Source}";

    /// <summary>Reads a payload.</summary>
    public static bool TryParse(string payload, [NotNullWhen(true)] out AppliedPosition? result)
    {
        result =
            payload.Split(' ', 2) is [var through, var source] && Position.TryParse(through, null, out var position)
                ? new AppliedPosition(source, position)
                : null;
        return result is not null;
    }
}
