namespace Strangler.Architecture.Tests;

/// <summary>
/// What may not be reached from code that only decides: databases, HTTP, files, clocks, randomness, the process's
/// surroundings.
/// </summary>
internal static class Purity
{
    /// <summary>
    /// Namespaces whose types decide, and those of their types that carry out. The second list only ever gets shorter.
    /// </summary>
    public static readonly (string Project, string Namespace, string[] CarryOut)[] Namespaces =
    [
        (Rooms.Projections, "Strangler.Projections.Declaring", []),
        (Rooms.Projections, "Strangler.Projections.Answering", []),
        (Rooms.Projections, "Strangler.Projections.Binding", []),
        (Rooms.Projections, "Strangler.Projections.Mapping", []),
        (Rooms.Projections, "Strangler.Projections.Sources", []),
        (Rooms.CdcBridge, "Strangler.CdcBridge.Wire", []),
        (Rooms.CdcBridge, "Strangler.CdcBridge.Replication", ["RawSlot", "ReplicationStream"]),
        (Rooms.CdcBridge, "Strangler.CdcBridge.Encoding", []),
        // stamps an event with the time of its processing
        (Rooms.CdcBridge, "Strangler.CdcBridge.Events", ["EnvelopeWriter"]),
        (Rooms.CdcBridge, "Strangler.CdcBridge.Configuration", []),
        // a key that nobody else has is drawn by lot
        (Rooms.Gateway, "Strangler.Gateway.Configuration", ["ProcessHashKey"]),
        (Rooms.Comparing, "Strangler.Comparing", []),
        (Rooms.Gateway, "Strangler.Gateway.Http", []),
        (Rooms.Gateway, "Strangler.Gateway.Stages", ["StageStore", "StagePoll"]),
        (
            Rooms.Evidence,
            "Strangler.Evidence",
            // a batch has an id of its own; the schema is read from the assembly
            ["EvidenceStore", "EvidenceQuery", "EvidenceWriter", "EvidenceBatch", "ReportJson"]
        ),
        (Rooms.Gateway, "Strangler.Gateway.Reporting", ["EvidenceReports"]),
        (
            Rooms.Gateway,
            "Strangler.Gateway.Lookup",
            ["LookupClient", "GatewayRoute", "GatewayRoutes", "RespondWorkers"]
        ),
        (Rooms.Gateway, "Strangler.Gateway.Health", ["BuildWatch", "StoreCircuit", "WatermarkAges", "WatermarkPoll"]),
        (Rooms.LegacyProjections, "Shop.Projections", []),
        (Rooms.LegacyFaults, "Shop.Faults", []),
        (Rooms.ChangeLog, "Strangler.ChangeLog.Tables", []),
        (Rooms.Foundation, "Strangler.Foundation.Faults", []),
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

    /// <summary>What takes connection strings apart and reaches no server.</summary>
    private static readonly string[] Harmless =
    [
        "[Npgsql]Npgsql.NpgsqlConnectionStringBuilder",
        "[Npgsql]Npgsql.SslMode",
    ];

    /// <summary>What of a reference, written as metadata has it, is forbidden; null if nothing is.</summary>
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
