using System.Diagnostics.CodeAnalysis;

namespace Strangler.ChangeLog;

/// <summary>
/// A reader's notification in the store: it waits until everything that a source committed before an LSN is applied.
/// </summary>
/// <param name="Source">The source's name.</param>
/// <param name="Before">The LSN.</param>
public sealed record WantedLsn(string Source, Lsn Before)
{
    /// <summary>The channel of NOTIFY.</summary>
    public const string Channel = "strangler_wanted";

    /// <summary>The payload: the LSN and the source's name, separated by a space.</summary>
    public override string ToString() => $"{Before} {Source}";

    /// <summary>Reads a payload.</summary>
    public static bool TryParse(string payload, [NotNullWhen(true)] out WantedLsn? result)
    {
        result =
            payload.Split(' ', 2) is [var before, var source] && Lsn.TryParse(before, null, out var lsn)
                ? new WantedLsn(source, lsn)
                : null;
        return result is not null;
    }
}
