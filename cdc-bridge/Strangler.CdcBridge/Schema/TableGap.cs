using Strangler.CdcBridge.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Schema;

/// <summary>
/// Why some of a table's changes are not sent, or why it can't be read, with the statement that helps. Pure.
/// </summary>
internal static class TableGap
{
    /// <summary>Of a published table; null if all of its changes are sent.</summary>
    public static Fault? OfPublished(
        BridgeConfig config,
        CatalogueTable table,
        CandidateTable relation,
        PublicationState publication
    )
    {
        if (!config.Events.RequiresWholeTables)
            return null;
        var (path, name, quoted) = (table.Name.ToString(), Quote(table.Name), SqlName.Quote(config.Publication));
        var again = $"Run: ALTER PUBLICATION {quoted} DROP TABLE {name}; ALTER PUBLICATION {quoted} ADD TABLE {name}";
        if (OfOperations(config, publication) is { } fault)
            return fault;
        if (table.IsFiltered)
            return new Fault(
                path,
                $"The publication '{config.Publication}' has a row filter for it, so not all of its rows are sent.",
                again
            );
        if (table.IsNarrowed)
            return new Fault(
                path,
                $"The publication '{config.Publication}' has a column list for it, "
                    + "so not all of its columns are sent.",
                again
            );
        if (table.ForeignPart is { } part)
        {
            return new Fault(
                path,
                $"Its partition {part} is unlogged or foreign, "
                    + "so changes of its rows are not in the write-ahead log.",
                $"Run: ALTER TABLE {part} SET LOGGED; or ALTER TABLE {name} DETACH PARTITION {part}"
            );
        }
        return OfRelation(config, relation) ?? OfIdentity(config, relation, publication);
    }

    /// <summary>Of the publication itself.</summary>
    public static Fault? OfOperations(BridgeConfig config, PublicationState publication) =>
        publication.PublishesAll
            ? null
            : new Fault(
                "Source:publication.name",
                $"The publication '{config.Publication}' does not publish every kind of change, "
                    + "so rows would be missed.",
                $"Run: ALTER PUBLICATION {SqlName.Quote(config.Publication)} "
                    + "SET (publish = 'insert, update, delete, truncate')"
            );

    /// <summary>Of the relation, published or not.</summary>
    public static Fault? OfRelation(BridgeConfig config, CandidateTable relation)
    {
        var (path, name) = (relation.Name.ToString(), Quote(relation.Name));
        if (relation.Children is [var child, ..])
        {
            return new Fault(
                path,
                $"The table '{child}' inherits from it: a query of '{relation.Name}' returns rows of both, but their "
                    + "changes come as those of two tables.",
                $"Run: ALTER TABLE {Quote(child)} NO INHERIT {name}; or make it a partitioned table"
            );
        }
        if (relation.HasRowSecurity)
        {
            return new Fault(
                path,
                $"Its row-level security applies to the login '{config.Login}', so that it cannot be read completely.",
                $"Run: ALTER ROLE {SqlName.Quote(config.Login)} BYPASSRLS"
            );
        }
        return null;
    }

    /// <summary>Of a table whose rows can't be told apart when they are updated or deleted.</summary>
    /// <param name="publication">The publication that contains it; null if none does.</param>
    public static Fault? OfIdentity(BridgeConfig config, CandidateTable relation, PublicationState? publication)
    {
        if (relation.HasIdentity)
            return null;
        var remedy = relation.Keys.Remedy(relation.Name);
        var path = relation.Name.ToString();
        if (publication is null)
        {
            return new Fault(
                path,
                "Once it is published, its own UPDATE and DELETE would fail: it has no primary key that is not "
                    + "deferrable, and no replica identity that takes its place. It is not published.",
                config.Mode == PublicationMode.AllTables
                    ? $"{remedy}; or exclude it, with publication.autocreate.mode set to 'filtered'."
                    : $"{remedy}; or exclude it."
            );
        }
        var atOnce = publication.Named.Contains(relation.Name)
            ? $"run as the publication's owner: {PublicationPlan.DropStatement(config.Publication, relation.Name)}"
            : $"run: ALTER TABLE {Quote(relation.Name)} REPLICA IDENTITY FULL (it can't be taken out of the "
                + "publication, which does not hold it by its own name)";
        return new Fault(
            path,
            $"It has lost its primary key or replica identity: because the publication '{config.Publication}' holds "
                + "it, its own UPDATE and DELETE fail.",
            $"{remedy}. Or, so that they work at once, {atOnce}"
        );
    }

    /// <summary>Of a table that our login may not read; null if it may.</summary>
    public static Fault? OfGrants(BridgeConfig config, CandidateTable relation) =>
        relation.CanSelect
            ? null
            : new Fault(
                relation.Name.ToString(),
                "The login may not read it.",
                $"Run: {GrantStatements(config, relation.Name)}"
            );

    public static string GrantStatements(BridgeConfig config, TableName table)
    {
        var login = SqlName.Quote(config.Login);
        return $"GRANT USAGE ON SCHEMA {SqlName.Quote(table.Schema)} TO {login}; "
            + $"GRANT SELECT ON {Quote(table)} TO {login}";
    }

    private static string Quote(TableName table) => SqlName.Quote(table.Schema, table.Name);
}
