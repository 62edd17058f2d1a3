using System.Text.Json;
using System.Text.Json.Serialization;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Schema;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Offsets;

/// <summary>The bridge's state, stored with its appends and read when it starts.</summary>
/// <param name="System">The source cluster's system identifier.</param>
/// <param name="Timeline">Its timeline.</param>
/// <param name="Slot">Our slot.</param>
/// <param name="Epoch">The epoch of all positions from here on.</param>
/// <param name="State">How far the bridge is.</param>
/// <param name="Acknowledged">What may be acknowledged to the server: everything before it is in the log.</param>
/// <param name="LastCommit">The end of the last commit in the stream; null before the first.</param>
/// <param name="Tables">The published tables, each as of its last complete reading.</param>
internal sealed record BridgeOffset(
    string System,
    uint Timeline,
    string Slot,
    int Epoch,
    BridgeState State,
    Lsn Acknowledged,
    Lsn? LastCommit,
    IReadOnlyList<TableOffset> Tables
)
{
    /// <summary>The last transaction in the stream; null before the first.</summary>
    public SeenTransaction? Seen { get; init; }

    /// <summary>Where the source was reached, as host and port; null if the offset is older than this member.</summary>
    public string? Host { get; init; }

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new LsnConverter() },
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <exception cref="JsonException">The bytes are not an offset.</exception>
    public static BridgeOffset FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<BridgeOffset>(json, Options) ?? throw new JsonException("An offset cannot be null.");

    private sealed class LsnConverter : JsonConverter<Lsn>
    {
        public override Lsn Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Lsn.Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Lsn value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}

/// <summary>A published table.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Oid">Its object id.</param>
/// <param name="Fingerprint">The catalogue's fingerprint at its last complete reading.</param>
/// <param name="Shape">The shape in the last Schema record.</param>
/// <param name="Name">Its name; null if an older version stored the offset.</param>
internal sealed record TableOffset(string Topic, uint Oid, string Fingerprint, string Shape, TableName? Name = null)
{
    private const string Doubt = "doubt ";

    /// <summary>
    /// Whether the log says that the table is in doubt, and it can't be read until a person has fixed it.
    /// </summary>
    public bool StaysInDoubt => Fingerprint.StartsWith(Doubt, StringComparison.Ordinal);

    /// <summary>The fingerprint of a table that stays in doubt.</summary>
    public static string MarkOf(Fault why) => Doubt + Digest.Of([why.ToString()]);

    /// <summary>Its name; if an older version stored the offset, the name that its topic implies.</summary>
    public TableName NameUnder(string prefix)
    {
        if (Name is { } name)
            return name;
        var rest = Topic.StartsWith(prefix + ".", StringComparison.Ordinal) ? Topic[(prefix.Length + 1)..] : Topic;
        return rest.Split('.', 2) is [var schema, var table] ? new TableName(schema, table) : new TableName("", rest);
    }
}
