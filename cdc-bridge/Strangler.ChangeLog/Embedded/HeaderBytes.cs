using System.Text.Json;

namespace Strangler.ChangeLog.Embedded;

/// <summary>
/// A record's headers as stored: names and values alternating, as a JSON array in UTF-8, with null for a header without
/// a value. Null if the record has none.
/// </summary>
internal static class HeaderBytes
{
    // Most records of a bridge share one list, and each is encoded several times: once to be counted.
    [ThreadStatic]
    private static (IReadOnlyList<LogHeader> Headers, byte[] Bytes)? _last;

    public static byte[]? Encode(IReadOnlyList<LogHeader> headers)
    {
        if (headers.Count == 0)
            return null;
        if (_last is not { } last || !ReferenceEquals(last.Headers, headers))
            _last = last = (
                headers,
                JsonSerializer.SerializeToUtf8Bytes(
                    headers.SelectMany(header => new[] { header.Name, header.Value }).ToArray()
                )
            );
        return last.Bytes;
    }

    public static IReadOnlyList<LogHeader> Decode(byte[]? bytes) =>
        bytes is null
            ? []
            :
            [
                .. JsonSerializer
                    .Deserialize<string?[]>(bytes)!
                    .Chunk(2)
                    .Select(pair => new LogHeader(pair[0]!, pair[1])),
            ];
}
