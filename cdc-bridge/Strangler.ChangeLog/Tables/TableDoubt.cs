using System.Text.Json;

namespace Strangler.ChangeLog.Tables;

/// <summary>
/// Why nobody knows what a source table holds: the value of a <see cref="LogRecordKind.TableDoubt"/> record.
/// </summary>
/// <param name="Why">What happened and how to fix it, for people.</param>
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
