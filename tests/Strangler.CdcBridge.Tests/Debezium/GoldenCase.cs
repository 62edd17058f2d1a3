using System.Text.Json;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>A case of the real connector: SQL before its start, properties, SQL while it streams.</summary>
internal sealed record GoldenCase(string Folder)
{
    private static readonly string Home = Path.Combine(AppContext.BaseDirectory, "Golden", "Debezium", "3.6.1");

    public static IEnumerable<string> Names =>
        Directory.EnumerateDirectories(Home).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    /// <summary>The topic prefix, database, slot and publication of the recording.</summary>
    public string Prefix => Path.GetFileName(Folder).Replace('-', '_');

    public string SchemaSql => File.ReadAllText(Path.Combine(Folder, "schema.sql"));

    /// <summary>The statements by step; what a step publishes is in Kafka before the next one runs.</summary>
    public IReadOnlyList<string> Steps =>
        Find("changes.sql") is { } sql ? sql.Split("-- @wait\n", StringSplitOptions.None) : [];

    /// <summary>The connector's properties beyond the connection.</summary>
    public IReadOnlyDictionary<string, string> Properties =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(Find("connector.json") ?? "{}")!;

    /// <summary>Whether a transform of the outbox names the partition.</summary>
    public bool IsRouted =>
        Properties.Any(property =>
            property.Key.EndsWith("additional.placement", StringComparison.Ordinal)
            && property.Value.Contains(":partition", StringComparison.Ordinal)
        );

    public IReadOnlyList<RecordedRecord> Records =>
        [
            .. File.ReadLines(Path.Combine(Folder, "records.jsonl"))
                .Where(line => line.Length > 0)
                .Select(RecordedRecord.Parse),
        ];

    public static GoldenCase Of(string name) => new(Path.Combine(Home, name));

    private string? Find(string name) =>
        File.Exists(Path.Combine(Folder, name)) ? File.ReadAllText(Path.Combine(Folder, name)) : null;
}
