using System.Text;
using Strangler.Projections;

namespace Strangler.Gateway.Tests;

/// <summary>Keys are digits without leading zeros. One key: its document or 404; several: an array.</summary>
internal sealed class FakeResponder : IResponder
{
    /// <summary>Replaces the answer below.</summary>
    public Func<AnswerRequest, Answer>? Instead { get; set; }

    public ProjectionId Projection { get; } = new("ItemAvailability", "v1");

    public ProjectionCode? Code { get; set; }

    /// <summary>Replaces the key parsing below.</summary>
    public Func<string, string?>? KeyInstead { get; set; }

    public string? Canonical(string key) =>
        KeyInstead is { } instead ? instead(key)
        : key.Length is > 0 and <= 9 && key.All(char.IsAsciiDigit)
            ? key.TrimStart('0') is { Length: > 0 } text ? text
                : "0"
        : null;

    public Answer Respond(AnswerRequest request, IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Bytes)> found)
    {
        if (Instead is { } instead)
            return instead(request);
        if (request.Body is null)
            return found[0].Bytes is { } bytes
                ? Answer.Json(200, bytes)
                : Answer.Json(404, """{"error":"unknown"}"""u8.ToArray());
        var items = found.Select(item => item.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : "null");
        return Answer.Json(200, Encoding.UTF8.GetBytes($"[{string.Join(',', items)}]"));
    }
}
