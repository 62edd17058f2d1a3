using System.Text.Json;
using System.Text.Json.Serialization;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Offsets;

/// <summary>What the bridge stores with its appends, so that it finds its way again when it starts.</summary>
/// <param name="System">The source cluster's system identifier.</param>
/// <param name="Timeline">Its timeline.</param>
/// <param name="Slot">The slot that is ours.</param>
/// <param name="Epoch">The epoch of all positions from here on.</param>
/// <param name="State">How far the bridge is.</param>
/// <param name="Acknowledged">What may be acknowledged to the server: all before it is in the log.</param>
/// <param name="LastCommit">The end of the last commit that the stream brought; null before the first.</param>
/// <param name="Tables">The published tables, each as it was when it was last read completely.</param>
internal sealed record BridgeOffset(string System, uint Timeline, string Slot, int Epoch, BridgeState State, Lsn Acknowledged, Lsn? LastCommit, IReadOnlyList<TableOffset> Tables)
{
    /// <summary>The last transaction that the stream brought; null before the first.</summary>
    public SeenTransaction? Seen { get; init; }

    /// <summary>Where the source was reached, as host and port; null where the offset is older than that.</summary>
    public string? Host { get; init; }

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new LsnConverter() } };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <exception cref="JsonException">The bytes are not an offset.</exception>
    public static BridgeOffset FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<BridgeOffset>(json, Options) ?? throw new JsonException("An offset cannot be null.");

    private sealed class LsnConverter : JsonConverter<Lsn>
    {
        public override Lsn Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Lsn.Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Lsn value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}

/// <summary>A published table.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Oid">Its object id.</param>
/// <param name="Fingerprint">The catalogue's fingerprint at its last complete reading.</param>
/// <param name="Shape">The shape in the Schema record written last.</param>
internal sealed record TableOffset(string Topic, uint Oid, string Fingerprint, string Shape);
