using System.Text.Json;

namespace Strangler.ChangeLog.Embedded;

/// <summary>
/// A record's headers as stored: names and values alternating, as a JSON array in UTF-8, with null for a header without
/// a value. Null if the record has none.
/// </summary>
internal static class HeaderBytes
{
    public static byte[]? Encode(IReadOnlyList<LogHeader> headers) =>
        headers.Count == 0
            ? null
            : JsonSerializer.SerializeToUtf8Bytes(
                headers.SelectMany(header => new[] { header.Name, header.Value }).ToArray()
            );

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
