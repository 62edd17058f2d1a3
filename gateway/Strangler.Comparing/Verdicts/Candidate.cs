using Strangler.ChangeLog;

namespace Strangler.Comparing.Verdicts;

/// <summary>Documents that an answer of legacy may have been made of.</summary>
/// <param name="Documents">
/// Key and document (null: absent) in the request's order, repeats included; meaningless where f threw.
/// </param>
/// <param name="Threw">What f threw for one of them; null: nothing.</param>
/// <param name="Position">The moment.</param>
/// <param name="Clock">And its clock.</param>
internal sealed record Candidate(
    IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Bytes)> Documents,
    string? Threw,
    Position Position,
    DateTimeOffset Clock
)
{
    /// <summary>The unit's keys that have a document, each once; none of a frame, which belongs to no key.</summary>
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
