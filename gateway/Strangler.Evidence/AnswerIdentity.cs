using System.Security.Cryptography;
using System.Text;
using Strangler.Comparing.Verdicts;

namespace Strangler.Evidence;

/// <summary>
/// Identifies one part of the answer to one request while its rows stay as they are. Two parts with the same identity
/// have the same function, request and rows, so the lookup's answers are the same, apart from the time.
/// </summary>
/// <param name="Hash">64 bits of SHA-256.</param>
internal readonly record struct AnswerIdentity(long Hash)
{
    /// <param name="request">Everything that the lookup reads of the request. Null: unknown.</param>
    /// <param name="part">A part that was compared.</param>
    /// <returns>Null if it isn't known of which rows the part was made.</returns>
    public static AnswerIdentity? Of(string? request, PartVerdict part)
    {
        if (request is null || Rows(part) is not { } rows)
            return null;
        var text = Encoding.UTF8.GetBytes($"{request.Length} {request}{part.Unit?.Length} {part.Unit}{rows}");
        return new AnswerIdentity(BitConverter.ToInt64(SHA256.HashData(text), 0));
    }

    /// <summary>
    /// Of an answer of several keys that isn't split, the version of each counts: the newest alone stays when an older
    /// one changes.
    /// </summary>
    private static string? Rows(PartVerdict part) =>
        part.Together.Count > 0
            ? string.Join(
                ',',
                part.Together.OrderBy(row => row.Key, StringComparer.Ordinal)
                    .Select(row => $"{row.Key.Length} {row.Key}{row.Version}")
            )
        : part.Unit is not null && part.Version is { } version ? $"{version}"
        : null;
}
