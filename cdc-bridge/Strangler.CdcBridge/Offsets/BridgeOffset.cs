using System.Text.Json;
using System.Text.Json.Serialization;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Schema;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;

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
    /// <summary>The last transaction that the stream brought; null before the first.</summary>
    public SeenTransaction? Seen { get; init; }

    /// <summary>Where the source was reached, as host and port; null where the offset is older than that.</summary>
    public string? Host { get; init; }

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <exception cref="JsonException">The bytes are not an offset.</exception>
    public static BridgeOffset FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<BridgeOffset>(json, Options) ?? throw new JsonException("An offset cannot be null.");
}

/// <summary>A published table.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Oid">Its object id.</param>
/// <param name="Fingerprint">The catalogue's fingerprint at its last complete reading.</param>
/// <param name="Shape">The shape in the Schema record written last.</param>
/// <param name="Name">Its name; null in what older versions have stored.</param>
internal sealed record TableOffset(string Topic, uint Oid, string Fingerprint, string Shape, TableName? Name = null)
{
    private const string Doubt = "doubt ";

    /// <summary>
    /// Whether the log says that the table is in doubt, and it cannot be read before a person has fixed it.
    /// </summary>
    public bool StaysInDoubt => Fingerprint.StartsWith(Doubt, StringComparison.Ordinal);

    /// <summary>What stands for a fingerprint of a table that stays in doubt.</summary>
    public static string MarkOf(Fault why) => Doubt + Digest.Of([why.ToString()]);

    /// <summary>Its name; of what older versions have stored, what its topic tells of it.</summary>
    public TableName NameUnder(string prefix)
    {
        if (Name is { } name)
            return name;
        var rest = Topic.StartsWith(prefix + ".", StringComparison.Ordinal) ? Topic[(prefix.Length + 1)..] : Topic;
        return rest.Split('.', 2) is [var schema, var table] ? new TableName(schema, table) : new TableName("", rest);
    }
}
