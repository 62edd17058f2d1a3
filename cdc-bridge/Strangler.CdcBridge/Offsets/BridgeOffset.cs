using System.Text.Json;
using System.Text.Json.Serialization;
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

    /// <summary>
    /// The commit of the last transaction that the log has as one, which the next one names; null before the first of
    /// the epoch, and if the offset is older than this member.
    /// </summary>
    public Lsn? Logged { get; init; }

    /// <summary>Where the source was reached, as host and port; null if the offset is older than this member.</summary>
    public string? Host { get; init; }

    /// <summary>
    /// What a snapshot that isn't complete has read; null if none is being taken, or if it can only start over.
    /// </summary>
    public PartialSnapshot? Partial { get; init; }

    private const int MaxNamed = 10;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>
    /// The fault that tables which an interrupted snapshot has not read can't be read without a stream; null if there
    /// are none.
    /// </summary>
    /// <param name="prefix">The topics' prefix.</param>
    public Fault? UnreadFault(string prefix) =>
        Tables.Where(static table => table.Unread is not null).ToList() is [_, ..] unread
            ? new Fault(
                "Source:snapshot.mode",
                "The snapshot was interrupted, and its rest is read in the stream, which 'initial_only' doesn't have: "
                    + $"{string.Join(", ", unread.Take(MaxNamed).Select(table => table.NameUnder(prefix)))}"
                    + $"{(unread.Count > MaxNamed ? $" and {unread.Count - MaxNamed} more" : "")}.",
                "Run it with the mode 'initial' until these tables are read, or take a new snapshot: 'strangler bridge "
                    + "--resnapshot' (Source:resnapshot=true)."
            )
            : null;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <exception cref="JsonException">The bytes are not an offset.</exception>
    public static BridgeOffset FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<BridgeOffset>(json, Options) ?? throw new JsonException("An offset cannot be null.");
}
