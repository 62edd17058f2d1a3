using System.Text.Json;

namespace Strangler.ChangeLog.Embedded;

/// <summary>
/// A record's headers as the store holds them: names and values in turn, a JSON array in UTF-8; null where there are
/// none.
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
                    .Deserialize<string[]>(bytes)!
                    .Chunk(2)
                    .Select(pair => new LogHeader(pair[0], pair[1])),
            ];
}
