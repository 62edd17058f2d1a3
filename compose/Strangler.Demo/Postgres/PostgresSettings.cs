namespace Strangler.Demo.Postgres;

/// <summary>
/// The settings of all our clusters: logical decoding, and speed instead of safety against a crash of the whole
/// machine.
/// </summary>
internal static class PostgresSettings
{
    public static readonly IReadOnlyDictionary<string, string> Ours = new Dictionary<string, string>
    {
        ["wal_level"] = "logical",
        ["max_wal_senders"] = "60",
        ["max_replication_slots"] = "100",
        ["max_slot_wal_keep_size"] = "10GB",
        ["max_connections"] = "200",
        ["fsync"] = "off",
        ["shared_buffers"] = "128MB",
    };
}
