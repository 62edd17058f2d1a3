using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Schema;

/// <summary>What must be done so that the publication matches what is captured. Pure.</summary>
/// <param name="Faults">Problems that prevent it.</param>
/// <param name="Create">Whether the publication must be created, for <paramref name="Add"/>.</param>
/// <param name="Add">Tables that it lacks.</param>
internal sealed record PublicationPlan(IReadOnlyList<Fault> Faults, bool Create, IReadOnlyList<TableName> Add)
{
    private const string ViaRoot = " WITH (publish_via_partition_root = true)";

    /// <summary>For a first start, or a check: every problem is a fault.</summary>
    /// <param name="config">What is captured.</param>
    /// <param name="now">The catalogue.</param>
    public static PublicationPlan Of(BridgeConfig config, SourceCatalogue now)
    {
        var faults = SelectionFaults(config, [], now).ToList();
        var selected = now.Relations.Where(table => table.IsTable && config.Tables.Selects(table.Name)).ToList();
        // A publication that somebody has made is taken as it is, with what it leaves out.
        var isTaken = now.Publication is not null && !config.Events.RequiresWholeTables;
        foreach (var table in selected)
        {
            if (!isTaken && TableGap.OfIdentity(config, table, null) is { } identity)
                faults.Add(identity);
            if (TableGap.OfGrants(config, table) is { } grants)
                faults.Add(grants);
            if (!isTaken && TableGap.OfRelation(config, table) is { } gap)
                faults.Add(gap);
        }
        // A publication of all tables takes the others too: none of their own statements may fail by it.
        if (now.Publication is null && config.Mode == PublicationMode.AllTables)
        {
            faults.AddRange(
                now.Relations.Where(table => table.IsTable && !config.Tables.Selects(table.Name))
                    .Select(table => TableGap.OfIdentity(config, table, null))
                    .OfType<Fault>()
            );
        }
        // Then partitions are published under their root's name.
        var named =
            now.Publication?.ViaRoot ?? config.Stream.PublishesViaRoot
                ? selected.Where(table => !table.IsPartition || !table.Parents.Any(config.Tables.Selects))
                : selected;
        faults.AddRange(SharedTopic.Of(config, named.Select(table => table.Name)).Select(shared => shared.Why));
        var published = now.Publication?.Tables ?? new HashSet<TableName>();
        var missing =
            isTaken && config.Mode != PublicationMode.Filtered
                ? []
                : Addable(config, selected).Where(name => !published.Contains(name)).ToList();
        if (now.Publication is { } publication)
        {
            if (!isTaken)
                AddFaults(config, publication, faults);
            faults.AddRange(
                now.Published.Join(
                        now.Relations,
                        table => table.Oid,
                        relation => relation.Oid,
                        (table, relation) => (table, relation)
                    )
                    .Where(pair => SourceCatalogue.IsCaptured(config, pair.relation))
                    .Select(pair =>
                        TableGap.OfPublished(
                            config,
                            pair.table,
                            pair.relation,
                            publication with
                            {
                                PublishesAll = true,
                            }
                        )
                    )
                    .OfType<Fault>()
                    .Where(fault => !faults.Exists(other => other.Path == fault.Path))
                    .ToList()
            );
        }
        if (config.Mode is PublicationMode.Disabled or PublicationMode.NoTables && now.Publication is null)
            faults.Add(
                new Fault(
                    "Source:publication.name",
                    $"The publication '{config.Publication}' does not exist, "
                        + $"and publication.autocreate.mode is '{Word(config.Mode)}'.",
                    $"Run: {CreateStatement(config, missing)}"
                )
            );
        if (config.Mode != PublicationMode.Filtered && now.Publication is not null && !isTaken)
            faults.AddRange(
                missing.Select(table => new Fault(
                    "Source:publication.name",
                    $"The publication '{config.Publication}' lacks the table '{table}', and "
                        + $"publication.autocreate.mode is '{Word(config.Mode)}'.",
                    $"Run: {AddStatement(config.Publication, [table])}"
                ))
            );
        return new PublicationPlan(faults, now.Publication is null, missing);
    }

    /// <summary>Entries of the configuration that match nothing, now or in the log.</summary>
    /// <param name="known">What the log holds: a table that is gone is not a misspelling.</param>
    public static IEnumerable<Fault> SelectionFaults(
        BridgeConfig config,
        IReadOnlyList<TableOffset> known,
        SourceCatalogue now
    )
    {
        var names = now
            .Relations.Where(table => table.IsTable)
            .Select(table => table.Name)
            .Concat(known.Select(table => table.NameUnder(config.Prefix)))
            .ToList();
        var unmatched = config.Tables.Unmatched(names).ToList();
        foreach (var pattern in unmatched)
            yield return new Fault(
                "Source:table.include.list",
                $"No table '{pattern}' is in the database '{config.Database}' (or it is temporary or unlogged).",
                "Create the table, correct the name, or remove the entry."
            );
        if (unmatched.Count == 0 && !names.Exists(config.Tables.Selects))
            yield return new Fault(
                "Source:table.include.list",
                $"Nothing in the database '{config.Database}' is selected.",
                "Name tables as 'schema.table', separated by commas."
            );
    }

    /// <summary>
    /// The statements with which a running bridge makes the publication match what is captured, as far as its login
    /// may.
    /// </summary>
    public static IReadOnlyList<string> Fix(BridgeConfig config, IReadOnlyList<TableOffset> known, SourceCatalogue now)
    {
        var statements = new List<string>();
        var relations = now.Relations.ToDictionary(relation => relation.Oid);
        if (config.OnIdentityLoss == IdentityLoss.DropFromPublication && now.Publication is { IsOwner: true } own)
        {
            statements.AddRange(
                now.Published.Where(table =>
                        own.Named.Contains(table.Name)
                        && relations.GetValueOrDefault(table.Oid) is { HasIdentity: false } relation
                        && SourceCatalogue.IsCaptured(config, relation)
                    )
                    .Select(table => DropStatement(config.Publication, table.Name))
            );
        }
        if (config.Mode != PublicationMode.Filtered)
            return statements;
        if (now.Publication is { IsOwner: true } ours)
        {
            // A captured table that has been renamed: the publication held it for its earlier name.
            statements.AddRange(
                known
                    .Select(table => relations.GetValueOrDefault(table.Oid))
                    .OfType<CandidateTable>()
                    .Where(relation =>
                        !SourceCatalogue.IsCaptured(config, relation) && ours.Named.Contains(relation.Name)
                    )
                    .Select(relation => DropStatement(config.Publication, relation.Name))
            );
        }
        var missing = Addable(config, [.. now.Relations.Where(relation => Fixes(config, relation, now))])
            .Where(name => now.Publication?.Tables.Contains(name) is not true)
            .ToList();
        if (missing.Count == 0)
            return statements;
        if (now.Publication is null)
            statements.Add(
                CreateStatement(config, missing)
                    // The log's partitioned table was published under its own name.
                    + (
                        !config.Stream.PublishesViaRoot
                        && known.Any(table => relations.GetValueOrDefault(table.Oid) is { Kind: 'p' })
                            ? ViaRoot
                            : ""
                    )
                    + $"; {CommentStatement(config)}"
            );
        else
            // one table per statement, so one lock at a time
            statements.AddRange(missing.Select(table => AddStatement(config.Publication, [table])));
        return statements;
    }

    /// <summary>What a person must do if the publication doesn't exist and the bridge may not create it.</summary>
    public static string Missing(BridgeConfig config, IReadOnlyList<TableOffset> known, SourceCatalogue now)
    {
        var there = now.Relations.Where(table => table.IsTable && config.Tables.Selects(table.Name)).ToList();
        if (there.Count > 0)
            return $"Run: {CreateStatement(config, there.Select(table => table.Name))}";
        var create = CreateStatement(config, known.Select(table => table.NameUnder(config.Prefix)));
        return $"None of its tables exists any more. Create them, then run: {create}";
    }

    /// <summary>Whether the bridge publishes the relation itself.</summary>
    public static bool Fixes(BridgeConfig config, CandidateTable relation, SourceCatalogue now) =>
        config.Mode == PublicationMode.Filtered
        && now.Publication is null or { IsOwner: true }
        && relation is { IsTable: true, IsOwner: true, HasIdentity: true }
        && config.Tables.Selects(relation.Name);

    /// <summary>Creates the publication, for some tables.</summary>
    public static string CreateStatement(BridgeConfig config, IEnumerable<TableName> tables) =>
        $"CREATE PUBLICATION {SqlName.Quote(config.Publication)} FOR TABLE {List(tables)}{Options(config)}";

    /// <summary>Creates the publication, for all tables that there are and will be.</summary>
    public static string CreateForAllStatement(BridgeConfig config) =>
        $"CREATE PUBLICATION {SqlName.Quote(config.Publication)} FOR ALL TABLES{Options(config)}";

    /// <summary>Says whose the publication is, for 'strangler bridge drop'.</summary>
    public static string CommentStatement(BridgeConfig config) =>
        $"COMMENT ON PUBLICATION {SqlName.Quote(config.Publication)} IS '{PublicationState.CommentOf(config.Slot)}'";

    public static string AddStatement(string publication, IEnumerable<TableName> tables) =>
        $"ALTER PUBLICATION {SqlName.Quote(publication)} ADD TABLE {List(tables)}";

    public static string DropStatement(string publication, TableName table) =>
        $"ALTER PUBLICATION {SqlName.Quote(publication)} DROP TABLE {List([table])}";

    private static string Options(BridgeConfig config) => config.Stream.PublishesViaRoot ? ViaRoot : "";

    private static string Word(PublicationMode mode) =>
        mode switch
        {
            PublicationMode.Filtered => "filtered",
            PublicationMode.AllTables => "all_tables",
            PublicationMode.NoTables => "no_tables",
            _ => "disabled",
        };

    private static string List(IEnumerable<TableName> tables) =>
        string.Join(", ", tables.Select(table => SqlName.Quote(table.Schema, table.Name)));

    /// <summary>Partitions are included with the selected table above them.</summary>
    private static IEnumerable<TableName> Addable(BridgeConfig config, IReadOnlyList<CandidateTable> selected) =>
        selected
            .Where(table => !table.IsPartition || !table.Parents.Any(config.Tables.Selects))
            .Select(table => table.Name);

    private static void AddFaults(BridgeConfig config, PublicationState publication, List<Fault> faults)
    {
        if (TableGap.OfOperations(config, publication) is { } fault)
            faults.Add(fault);
        if (
            publication.Tables.Count > 0
            && publication.Tables.Where(table => !config.Tables.Selects(table)).ToList() is [var other, ..]
            && !publication.Partitions
        )
        {
            faults.Add(
                new Fault(
                    "Source:publication.name",
                    $"The publication '{config.Publication}' also publishes '{other}', which is not selected.",
                    publication.Named.Contains(other)
                        ? "Select it in table.include.list, name another publication, or run: "
                            + $"{DropStatement(config.Publication, other)}"
                        : "Select it in table.include.list, or name another publication."
                )
            );
        }
    }
}
