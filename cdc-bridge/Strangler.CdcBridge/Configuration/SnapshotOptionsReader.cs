using System.Collections.Immutable;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Reads how the snapshot is taken: <c>snapshot.*</c>.</summary>
internal static class SnapshotOptionsReader
{
    private const string Overrides = "snapshot.select.statement.overrides";

    public static SnapshotOptions Read(PropertyValues values) =>
        new()
        {
            Mode = Mode(values),
            Included = values.Patterns("snapshot.include.collection.list"),
            Overrides = Statements(values),
            Order = values.Choice(
                "snapshot.tables.order.by.row.count",
                ("disabled", RowCountOrder.None),
                ("ascending", RowCountOrder.Ascending),
                ("descending", RowCountOrder.Descending)
            ),
            Delay = values.Milliseconds("snapshot.delay.ms"),
            StreamingDelay = values.Milliseconds("streaming.delay.ms"),
            MaxThreads = values.Number("snapshot.max.threads", 1, 1000),
        };

    private static SnapshotMode Mode(PropertyValues values)
    {
        const string Name = "snapshot.mode";
        var text = values.Text(Name).Trim().ToLowerInvariant();
        if (text is not ("custom" or "configuration_based"))
            return values.Choice(
                Name,
                ("initial", SnapshotMode.Initial),
                ("initial_only", SnapshotMode.InitialOnly),
                ("no_data", SnapshotMode.NoData),
                ("when_needed", SnapshotMode.WhenNeeded),
                ("always", SnapshotMode.Always)
            );
        values.Fault(
            Name,
            text == "custom"
                ? "The value 'custom' is not supported. It loads a Java class that decides about snapshots."
                : "The value 'configuration_based' is not supported. Its parts are decided by other properties.",
            "Use 'initial', 'initial_only', 'no_data', 'when_needed' or 'always'."
        );
        return SnapshotMode.Initial;
    }

    private static ImmutableSortedDictionary<string, string> Statements(PropertyValues values)
    {
        var statements = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var tables = values
            .Text(Overrides)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var table in tables)
        {
            var name = $"{Overrides}.{table}";
            if (values.Given(name) is { } statement)
                statements[table] = statement;
        }
        foreach (var (name, _) in values.Set)
        {
            if (
                name.StartsWith(Overrides + ".", StringComparison.OrdinalIgnoreCase)
                && !tables.Contains(name[(Overrides.Length + 1)..], StringComparer.Ordinal)
            )
                values.Ignore(name);
        }
        return statements.ToImmutable();
    }
}
