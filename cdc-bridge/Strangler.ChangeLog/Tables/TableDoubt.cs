using System.Text.Json;

namespace Strangler.ChangeLog.Tables;

/// <summary>
/// Why nobody knows what a source table holds: what a <see cref="LogRecordKind.TableDoubt"/> record says.
/// </summary>
/// <param name="Why">What happened and what fixes it, for people.</param>
public sealed record TableDoubt(string Why)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <exception cref="JsonException">The bytes are not a doubt.</exception>
    public static TableDoubt FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<TableDoubt>(json, Options) ?? throw new JsonException("A doubt cannot be null.");
}
