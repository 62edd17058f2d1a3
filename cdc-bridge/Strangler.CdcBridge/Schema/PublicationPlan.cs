using Strangler.CdcBridge.Configuration;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Schema;

/// <summary>What is to be done so that the publication holds what is captured. Pure.</summary>
/// <param name="Faults">What stands against it.</param>
/// <param name="Create">Whether the publication has to be created, for <paramref name="Add"/>.</param>
/// <param name="Add">Tables that it lacks.</param>
internal sealed record PublicationPlan(IReadOnlyList<Fault> Faults, bool Create, IReadOnlyList<TableName> Add)
{
    /// <param name="config">What is captured.</param>
    /// <param name="tables">The tables of the database.</param>
    /// <param name="publication">The publication; null if there is none.</param>
    public static PublicationPlan Of(BridgeConfig config, IReadOnlyList<CandidateTable> tables, PublicationState? publication)
    {
        var faults = new List<Fault>();
        var selected = tables.Where(table => config.Tables.Selects(table.Name)).ToList();
        foreach (var pattern in config.Tables.Unmatched(tables.Select(table => table.Name)))
            faults.Add(new Fault("Source:table.include.list", $"No table '{pattern}' is in the database '{config.Database}' (or it is temporary or unlogged).", "Create the table, correct the name, or leave it out."));
        if (selected.Count == 0 && faults.Count == 0) faults.Add(new Fault("Source:table.include.list", $"Nothing in the database '{config.Database}' is selected.", "Name tables as 'schema.table', parted by commas."));
        foreach (var table in selected) AddFaults(table, faults);
        faults.AddRange(TopicName.Shared(config.Prefix, selected.Select(table => (table.Name.Schema, table.Name.Name))).Select(SharedTopic));

        var published = publication?.Tables ?? new HashSet<TableName>();
        var missing = selected.Select(table => table.Name).Where(name => !published.Contains(name)).ToList();
        if (publication is not null) AddFaults(config, publication, faults);
        if (config.Mode == PublicationMode.Disabled && publication is null)
            faults.Add(new Fault("Source:publication.name", $"The publication '{config.Publication}' does not exist, and publication.autocreate.mode is 'disabled'.", $"Run: {CreateStatement(config.Publication, missing)}"));
        if (config.Mode == PublicationMode.Disabled && publication is not null)
            faults.AddRange(missing.Select(table => new Fault("Source:publication.name", $"The publication '{config.Publication}' lacks the table '{table}', and publication.autocreate.mode is 'disabled'.", $"Run: {AddStatement(config.Publication, [table])}")));
        return new PublicationPlan(faults, publication is null, missing);
    }

    public static string CreateStatement(string publication, IEnumerable<TableName> tables) => $"CREATE PUBLICATION {SqlName.Quote(publication)} FOR TABLE {List(tables)}";

    public static string AddStatement(string publication, IEnumerable<TableName> tables) => $"ALTER PUBLICATION {SqlName.Quote(publication)} ADD TABLE {List(tables)}";

    /// <summary>Tables that would be written under one topic.</summary>
    public static Fault SharedTopic((string Topic, IReadOnlyList<(string Schema, string Table)> Tables) shared) => new(
        "Source:table.include.list",
        $"The tables {string.Join(" and ", shared.Tables.Select(table => SqlName.Quote(table.Schema, table.Table)))} have the same topic, '{shared.Topic}' (what a topic can't hold is written as '_'), so that their rows couldn't be told apart.",
        "Capture one of them (table.include.list, table.exclude.list), or rename the others.");

    private static string List(IEnumerable<TableName> tables) => string.Join(", ", tables.Select(table => SqlName.Quote(table.Schema, table.Name)));

    private static void AddFaults(CandidateTable table, List<Fault> faults)
    {
        var name = SqlName.Quote(table.Name.Schema, table.Name.Name);
        if (!table.HasIdentity)
        {
            faults.Add(new Fault(
                table.Name.ToString(),
                "Once it is published, its own UPDATE and DELETE would fail: it has no primary key that is not deferrable, and no replica identity that takes its place. It is not published.",
                $"Give it a primary key, or run: ALTER TABLE {name} REPLICA IDENTITY FULL (or USING INDEX a unique index of NOT NULL columns); or leave it out."));
        }
        if (!table.CanSelect) faults.Add(new Fault(table.Name.ToString(), "The login may not read it.", $"Run: GRANT USAGE ON SCHEMA {SqlName.Quote(table.Name.Schema)}, and GRANT SELECT ON {name}, to the login."));
    }

    private static void AddFaults(BridgeConfig config, PublicationState publication, List<Fault> faults)
    {
        if (!publication.PublishesAll)
        {
            faults.Add(new Fault("Source:publication.name", $"The publication '{config.Publication}' does not publish every kind of change, so rows would be missed.",
                $"Run: ALTER PUBLICATION {SqlName.Quote(config.Publication)} SET (publish = 'insert, update, delete, truncate')"));
        }
        if (publication.Tables.Count > 0 && publication.Tables.Where(table => !config.Tables.Selects(table)).ToList() is [var other, ..] && !publication.Partitions)
        {
            faults.Add(new Fault("Source:publication.name", $"The publication '{config.Publication}' also publishes '{other}', which is not selected.",
                $"Select it in table.include.list, name another publication, or run: ALTER PUBLICATION {SqlName.Quote(config.Publication)} DROP TABLE {SqlName.Quote(other.Schema, other.Name)}"));
        }
    }
}
