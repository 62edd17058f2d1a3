using Npgsql;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Configuration;

/// <summary>The checked configuration.</summary>
/// <param name="Prefix">The source's name: topics begin with it.</param>
/// <param name="Source">The source's database.</param>
/// <param name="Store">The store's connection string; empty if the log is Kafka and no store is configured.</param>
/// <param name="Slot">The replication slot, created by the bridge.</param>
/// <param name="Publication">The publication, created by the bridge or by a person.</param>
/// <param name="Mode">Who creates the publication.</param>
/// <param name="Tables">Which tables are captured.</param>
/// <param name="Resnapshot">Whether this start begins a new epoch with a full snapshot.</param>
/// <param name="Retention">How much of the log is kept.</param>
/// <param name="Notices">Properties with their sections that have no effect here; logged once.</param>
internal sealed record BridgeConfig(
    string Prefix,
    string Source,
    string Store,
    string Slot,
    string Publication,
    PublicationMode Mode,
    TableSelection Tables,
    bool Resnapshot,
    LogRetention Retention,
    IReadOnlyList<string> Notices
)
{
    /// <summary>Where the configuration names the store's login.</summary>
    public required string StorePath { get; init; }

    /// <summary>
    /// The settings that PostgreSQL's text output depends on, and no timeouts: a snapshot and a slot take as long as
    /// they take. Row security is an error rather than a silent filter. JIT is off: the planner overestimates the
    /// catalogue query, and compiling it costs seconds of the server's time each time.
    /// </summary>
    private static readonly (string Name, string Value)[] Settings =
    [
        ("datestyle", "ISO,MDY"),
        ("intervalstyle", "postgres"),
        ("bytea_output", "hex"),
        ("extra_float_digits", "1"),
        ("timezone", "UTC"),
        ("lc_monetary", "C"),
        ("statement_timeout", "0"),
        ("lock_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("row_security", "off"),
        ("jit", "off"),
    ];

    private static readonly string SessionOptions = string.Join(
        ' ',
        Settings.Select(setting => $"-c {setting.Name}={setting.Value}")
    );

    /// <summary>
    /// The same settings as statements, for a session in which others may have changed them, and what the client
    /// itself depends on as it was when the session began: the encoding, and how literals are written.
    /// </summary>
    public static string SessionStatements { get; } =
        string.Join("; ", Settings.Select(setting => $"set {setting.Name} = '{setting.Value}'"))
        + "; reset client_encoding; reset standard_conforming_strings";

    /// <summary>What to do if a published table loses the identity that its own UPDATE and DELETE need.</summary>
    public IdentityLoss OnIdentityLoss { get; init; }

    /// <summary>What events look like, and which are written.</summary>
    public EventOptions Events { get; init; } = new();

    /// <summary>How the snapshot is taken.</summary>
    public SnapshotOptions Snapshot { get; init; } = new();

    /// <summary>How the source is prepared.</summary>
    public StreamOptions Stream { get; init; } = new();

    /// <summary>What concerns the process.</summary>
    public BridgeSection Process { get; init; } = new();

    /// <summary>Where Kafka is; null if the log is the embedded one.</summary>
    public KafkaLogOptions? Brokers { get; init; }

    /// <summary>The source's login.</summary>
    public string Login => new NpgsqlConnectionStringBuilder(Source).Username ?? "";

    public string Database => new NpgsqlConnectionStringBuilder(Source).Database ?? "";

    /// <summary>For statements: catalogue, heartbeats, snapshots.</summary>
    public string SourceForQueries =>
        Of(builder =>
        {
            builder.WithMaxPoolSize(5 + Snapshot.MaxThreads);
            builder.ApplicationName = $"strangler bridge {Prefix}";
        });

    /// <summary>For looks at the slot while nothing else may be connected.</summary>
    public string SourceForLooks =>
        Of(builder =>
        {
            builder.WithMaxPoolSize(1);
            builder.CommandTimeout = 10;
            builder.ApplicationName = $"strangler slot {Prefix}";
        });

    /// <summary>The database's encoding, once the server has reported it.</summary>
    public string Encoding { get; init; } = "UTF8";

    /// <summary>Whether the stream's values are the database's own bytes, unconverted.</summary>
    public bool IsRaw { get; init; }

    /// <summary>
    /// For the replication stream and for creating slots, which may wait for transactions indefinitely.
    /// </summary>
    public string SourceForReplication =>
        Of(builder =>
        {
            builder.CommandTimeout = 0;
            builder.ReadBufferSize = 128 << 10;
            builder.ApplicationName = $"strangler replication {Prefix}";
            if (IsRaw)
                builder.ClientEncoding = "SQL_ASCII"; // the server converts nothing
        });

    /// <summary>Without the connection strings, which have passwords.</summary>
    public override string ToString() => $"{nameof(BridgeConfig)} {Prefix}";

    private string Of(Action<NpgsqlConnectionStringBuilder> change)
    {
        var builder = new NpgsqlConnectionStringBuilder(Source)
        {
            Options = SessionOptions,
            Timezone = "UTC",
            IncludeErrorDetail = true,
            TcpKeepAlive = true,
            TcpKeepAliveTime = 30,
            TcpKeepAliveInterval = 10,
        };
        change(builder);
        return builder.ConnectionString;
    }
}
