using System.Collections.Immutable;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Encoding;
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;

namespace Strangler.CdcBridge.Profiles;

/// <summary>
/// What events look like: which columns are written and how, which are the key, what is around them. There is one type
/// for each version of a connector whose events differ.
/// </summary>
internal abstract class EventProfile(string prefix)
{
    /// <summary>The source's name, with which topics begin.</summary>
    public string Prefix => prefix;

    /// <summary>The release of the connector that events name as their source's version.</summary>
    public abstract string Version { get; }

    /// <summary>Headers of every event of a row.</summary>
    public virtual ImmutableArray<LogHeader> Headers => [];

    /// <summary>Whether events have headers that say what their JSON can't express unambiguously.</summary>
    public virtual bool HasOwnHeaders => false;

    /// <summary>Whether a value that has no equivalent in the format is null in it.</summary>
    public virtual bool OmitsUnconverted => false;

    /// <summary>Whether an update whose key is the same shows the old key, where the source sends one.</summary>
    public virtual bool ShowsOldKeys => false;

    /// <summary>Whether rows of a snapshot name the transaction and position of the snapshot.</summary>
    public virtual bool HasSnapshotIds => false;

    /// <summary>Whether a tombstone follows each delete, and one without a key too.</summary>
    public virtual TombstonePolicy Tombstones => TombstonePolicy.OfKeys;

    /// <param name="prefix">The source's name.</param>
    /// <param name="options">What events look like.</param>
    /// <param name="run">A name of this run, which events may carry.</param>
    public static EventProfile Of(string prefix, EventOptions options, string run) =>
        options.Format switch
        {
            EventFormat.Debezium36 => new Debezium36Profile(prefix, options, run),
            _ => new StranglerProfile(prefix),
        };

    /// <summary>
    /// Whether a table in doubt is read again, so that readers of the log have its rows as they are. Debezium doesn't;
    /// a table that an interrupted snapshot has not read is read in any case.
    /// </summary>
    public virtual bool ReadsAgain => true;

    /// <summary>
    /// Whether a snapshot reads generated columns too, and those that the publication leaves out.
    /// </summary>
    public virtual bool ReadsAllColumns => false;

    /// <summary>Whether the word for a change that no snapshot read is null.</summary>
    public virtual bool OmitsStreamWord => false;

    /// <summary>Whether transactions are announced and their events counted.</summary>
    public virtual bool HasTransactionMetadata => false;

    /// <summary>What stands before keys and values of transactions.</summary>
    public virtual (byte[] Key, byte[] Value) TransactionHeads => ([], []);

    /// <summary>What stands before keys and values of messages.</summary>
    public virtual (byte[] Key, byte[] Value) MessageHeads => ([], []);

    /// <summary>What stands before keys and values of heartbeats.</summary>
    public virtual (byte[] Key, byte[] Value) HeartbeatHeads => ([], []);

    /// <summary>How often a heartbeat is written; zero for never.</summary>
    public virtual TimeSpan HeartbeatInterval => TimeSpan.Zero;

    /// <summary>The topic of heartbeats.</summary>
    public virtual string HeartbeatTopic => "";

    /// <summary>Whether logical messages are written.</summary>
    public virtual bool HasMessages => false;

    /// <summary>Whether logical messages with this prefix are written.</summary>
    public virtual bool WritesMessages(string prefix) => false;

    /// <summary>The content of a message as JSON.</summary>
    public virtual byte[] MessageContent(ReadOnlySpan<byte> content) => [];

    /// <summary>The topic of transactions.</summary>
    public virtual string TransactionTopic => "";

    /// <summary>The topic of a table's events.</summary>
    public virtual string EventTopic(string schema, string table) => Topic(schema, table);

    /// <summary>The topic by which a table is known here and in the log.</summary>
    public string Topic(string schema, string table) => TopicName.Of(prefix, schema, table);

    /// <summary>A text as a JSON string.</summary>
    public virtual byte[] Json(string text) => JsonText.String(text);

    public abstract ColumnModel Column(in ColumnFacts column);

    /// <summary>The columns of the key in order, as indices.</summary>
    /// <param name="shape">The table.</param>
    /// <param name="identityKey">
    /// The columns of the identity's index if it is USING INDEX, else of the primary key.
    /// </param>
    /// <param name="uniqueKey">The primary key, or else the first unique index.</param>
    public abstract IEnumerable<int> Key(
        RelationShape shape,
        IReadOnlyList<string> identityKey,
        IReadOnlyList<string> uniqueKey
    );

    /// <summary>What stands before a key and before a value: schemas, if the profile has them.</summary>
    /// <param name="topic">The topic of the events.</param>
    /// <param name="key">The columns of the key, null for a table without one.</param>
    /// <param name="columns">The table's columns.</param>
    public virtual (byte[] Key, byte[] Value) Heads(
        string topic,
        IReadOnlyList<ColumnModel>? key,
        IReadOnlyList<ColumnModel> columns
    ) => ([], []);

    /// <summary>Whether an operation's events are written.</summary>
    public virtual bool Writes(char operation) => true;

    /// <summary>Whether an update that changes nothing that is written is skipped.</summary>
    public virtual bool SkipsUnchanged => false;
}
