namespace Strangler.Architecture.Tests;

/// <summary>
/// What code that only decides must not reach: databases, HTTP, files, clocks, randomness, the process's environment.
/// </summary>
internal static class Purity
{
    /// <summary>
    /// Namespaces whose types decide, and the exceptions among their types that act. The list of exceptions only gets
    /// shorter.
    /// </summary>
    public static readonly (string Project, string Namespace, string[] CarryOut)[] Namespaces =
    [
        (Rooms.Projections, "Strangler.Projections.Declaring", []),
        (Rooms.Projections, "Strangler.Projections.Answering", []),
        (Rooms.Projections, "Strangler.Projections.Binding", []),
        (Rooms.Projections, "Strangler.Projections.Mapping", []),
        (Rooms.Projections, "Strangler.Projections.Sources", []),
        (Rooms.CdcBridge, "Strangler.CdcBridge.Wire", []),
        (
            Rooms.CdcBridge,
            "Strangler.CdcBridge.Replication",
            ["KeepaliveRequest", "RawSlot", "ReplicationStream", "SpillFile"]
        ),
        (Rooms.CdcBridge, "Strangler.CdcBridge.Encoding", []),
        (Rooms.CdcBridge, "Strangler.CdcBridge.Connect", []),
        (Rooms.CdcBridge, "Strangler.CdcBridge.Debezium", []),
        (Rooms.CdcBridge, "Strangler.CdcBridge.Profiles", []),
        // stamps an event with its processing time
        (Rooms.CdcBridge, "Strangler.CdcBridge.Events", ["EnvelopeWriter"]),
        (Rooms.CdcBridge, "Strangler.CdcBridge.Configuration", []),
        (Rooms.CdcBridge, "Strangler.CdcBridge.Sessions", []),
        // a unique key is chosen at random
        (Rooms.Gateway, "Strangler.Gateway.Configuration", ["ProcessHashKey"]),
        (Rooms.Comparing, "Strangler.Comparing", []),
        (Rooms.Gateway, "Strangler.Gateway.Http", []),
        (Rooms.Gateway, "Strangler.Gateway.Fallbacks", ["FallbackBudget", "TokenBucket"]),
        (Rooms.Gateway, "Strangler.Gateway.Stages", ["StageStore", "StagePoll"]),
        (
            Rooms.Evidence,
            "Strangler.Evidence",
            // a batch has its own id; the schema is read from the assembly
            [
                "DismissalStore",
                "EvidenceStore",
                "EvidenceQuery",
                "EvidenceWriter",
                "EvidenceBatch",
                "MatchHistory",
                "ReportJson",
            ]
        ),
        (Rooms.Gateway, "Strangler.Gateway.Reporting", ["EvidenceReports"]),
        (
            Rooms.Gateway,
            "Strangler.Gateway.Lookup",
            ["BoundedAnswers", "LookupClient", "GatewayRoutes", "RespondWorkers"]
        ),
        (Rooms.Gateway, "Strangler.Gateway.Freshness", ["FreshnessWait", "WantedSender"]),
        (
            Rooms.Gateway,
            "Strangler.Gateway.Sessions",
            ["SessionHold", "SessionKeyPoll", "SessionKeyStore", "SessionReads"]
        ),
        (Rooms.Gateway, "Strangler.Gateway.Health", ["BuildWatch", "StoreCircuit", "WatermarkAges", "WatermarkPoll"]),
        (Rooms.LegacyProjections, "Shop.Projections", []),
        (Rooms.LegacyFaults, "Shop.Faults", []),
        (Rooms.ChangeLog, "Strangler.ChangeLog.Tables", []),
        (Rooms.KafkaLog, "Strangler.ChangeLog.Kafka.Control", []),
        (Rooms.Foundation, "Strangler.Foundation.Faults", []),
        (Rooms.Foundation, "Strangler.Foundation.Patterns", []),
    ];

    private static readonly string[] Assemblies =
    [
        "[Npgsql",
        "[Dapper",
        "[System.Net.Http]",
        "[System.Net.Sockets]",
        "[System.Diagnostics.Process]",
        "[System.Console]",
        "[Microsoft.Data",
        "[Confluent.",
    ];

    private static readonly string[] Types =
    [
        "System.IO.File",
        "System.IO.FileStream",
        "System.IO.FileInfo",
        "System.IO.Directory",
        "System.IO.DirectoryInfo",
        "System.IO.StreamReader",
        "System.IO.StreamWriter",
        "System.TimeProvider",
        "System.Random",
        "System.Security.Cryptography.RandomNumberGenerator",
        "System.Diagnostics.Stopwatch",
        "System.Threading.Timer",
        "System.Threading.PeriodicTimer",
    ];

    private static readonly string[] Members =
    [
        "System.DateTime::get_Now",
        "System.DateTime::get_UtcNow",
        "System.DateTime::get_Today",
        "System.DateTimeOffset::get_Now",
        "System.DateTimeOffset::get_UtcNow",
        "System.Guid::NewGuid",
        "System.Guid::CreateVersion7",
        "System.Environment::get_TickCount",
        "System.Environment::GetEnvironmentVariable",
        "System.Environment::get_MachineName",
        "System.Threading.Thread::Sleep",
        "System.Threading.Tasks.Task::Delay",
    ];

    /// <summary>Parses connection strings and contacts no server.</summary>
    private static readonly string[] Harmless =
    [
        "[Npgsql]Npgsql.NpgsqlConnectionStringBuilder",
        "[Npgsql]Npgsql.SslMode",
    ];

    /// <summary>What is forbidden about a reference in metadata form; null if nothing is.</summary>
    public static string? Forbids(string reference) =>
        Array.Find(
            Assemblies,
            assembly =>
                Harmless
                    .Aggregate(reference, (text, harmless) => text.Replace(harmless, "", StringComparison.Ordinal))
                    .Contains(assembly, StringComparison.Ordinal)
        )
        ?? Array.Find(Members, member => reference.Contains("]" + member, StringComparison.Ordinal))
        ?? Array.Find(Types, type => Names(reference, "]" + type));

    private static bool Names(string reference, string type)
    {
        for (
            var at = reference.IndexOf(type, StringComparison.Ordinal);
            at >= 0;
            at = reference.IndexOf(type, at + 1, StringComparison.Ordinal)
        )
        {
            var end = at + type.Length;
            if (
                end == reference.Length
                || !(char.IsLetterOrDigit(reference[end]) || reference[end] is '.' or '_' or '`')
            )
                return true;
        }
        return false;
    }
}
