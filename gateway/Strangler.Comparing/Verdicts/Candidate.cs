using Strangler.ChangeLog;

namespace Strangler.Comparing.Verdicts;

/// <summary>Documents from which an answer of legacy may have been made.</summary>
/// <param name="Documents">
/// Key and document (null: absent) in the request's order, including duplicates; meaningless if f threw or
/// asks legacy.
/// </param>
/// <param name="Threw">What f threw for one of them; null: it didn't throw.</param>
/// <param name="Position">The moment's position.</param>
/// <param name="Clock">The moment's clock.</param>
internal sealed record Candidate(
    IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Bytes)> Documents,
    string? Threw,
    Position Position,
    DateTimeOffset Clock
)
{
    /// <summary>Why f asks legacy for one of them; null: it doesn't.</summary>
    public string? LegacyReason { get; init; }

    /// <summary>The unit's keys that have a document, each once; empty for a frame, which belongs to no key.</summary>
    public IReadOnlyList<string> Existing(Unit unit) =>
        unit is Unit.Frame
            ? []
            :
            [
                .. Documents
                    .Where(of => of.Bytes is not null && (unit.Key is null || unit.Key == of.Key))
                    .Select(of => of.Key)
                    .Distinct(StringComparer.Ordinal),
            ];
}
