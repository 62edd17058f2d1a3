using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Schema;

/// <summary>
/// Which tables are captured, according to the current catalogue, and which of them are complete. Pure.
/// </summary>
internal static class CapturePlan
{
    /// <summary>
    /// A state for each topic of the selected relations and their partitions, and of everything the log holds. A table
    /// in the publication that nobody selects, such as one that was renamed, has none: its rows are skipped.
    /// </summary>
    /// <param name="known">What the log holds.</param>
    public static IReadOnlyList<TableState> Of(
        BridgeConfig config,
        IReadOnlyList<TableOffset> known,
        SourceCatalogue now
    )
    {
        var published = now.Published.ToDictionary(table => table.Oid);
        var captured = now.Relations.Where(relation => SourceCatalogue.IsCaptured(config, relation)).ToLookup(HasRows);
        var shared = SharedTopic.Of(config, captured[true].Select(relation => relation.Name));
        var states = new Dictionary<string, TableState>();
        // A topic that belongs to a table belongs to nothing else, such as a view of nearly the same name.
        foreach (var relation in captured[true].Concat(captured[false]))
        {
            var topic = TopicName.Of(config.Prefix, relation.Name.Schema, relation.Name.Name);
            var isKnown = known.Any(table => table.Topic == topic);
            if (states.ContainsKey(topic))
                continue;
            if (shared.FirstOrDefault(shared => shared.Tables.Contains(relation.Name)) is { Why: var why })
            {
                states[topic] = new TableState(topic, relation.Name, relation.Oid, null, why, null);
            }
            else if (published.TryGetValue(relation.Oid, out var table) && now.Publication is { } publication)
            {
                states[topic] = new TableState(
                    topic,
                    relation.Name,
                    relation.Oid,
                    table,
                    TableGap.OfPublished(config, table, relation, publication),
                    TableGap.OfGrants(config, relation)
                );
            }
            else if (isKnown || (config.Tables.Selects(relation.Name) && !IsOtherwiseCaptured(config, relation, now)))
            {
                var (gap, mendsItself) = Unpublished(config, relation, now);
                states[topic] = new TableState(topic, relation.Name, relation.Oid, null, gap, null)
                {
                    MendsItself = mendsItself,
                };
            }
        }
        foreach (var table in known)
        {
            if (states.ContainsKey(table.Topic))
                continue;
            var name = table.NameUnder(config.Prefix);
            states[table.Topic] = new TableState(table.Topic, name, 0, null, Gone(config, table.Oid, name, now), null);
        }
        return [.. states.Values];

        bool HasRows(CandidateTable relation) =>
            published.ContainsKey(relation.Oid)
            || config.Tables.Selects(relation.Name) && !IsOtherwiseCaptured(config, relation, now);
    }

    /// <summary>
    /// A partition is published under its root's name, or its root under the names of its partitions; a view was never
    /// captured.
    /// </summary>
    private static bool IsOtherwiseCaptured(BridgeConfig config, CandidateTable relation, SourceCatalogue now) =>
        !relation.IsTable
        || (relation.Kind == 'p' && now.Publication is { ViaRoot: false, Partitions: true })
        || (relation.IsPartition && relation.Parents.Any(config.Tables.Selects));

    /// <summary>Why a table's changes are not sent, and whether the bridge publishes the table itself.</summary>
    private static (Fault Gap, bool MendsItself) Unpublished(
        BridgeConfig config,
        CandidateTable relation,
        SourceCatalogue now
    )
    {
        if (
            new SourceRelation(relation.Name, relation.Kind, relation.Persistence, now.Publication?.ViaRoot).Obstacle(
                config
            ) is
            { } obstacle
        )
            return (obstacle, false);
        if ((TableGap.OfRelation(config, relation) ?? TableGap.OfIdentity(config, relation, null)) is { } gap)
            return (gap, false);
        var (problem, statement) = now.Publication is null
            ? (
                $"The publication '{config.Publication}' does not exist, so its changes are not sent.",
                PublicationPlan.CreateStatement(config, [relation.Name])
            )
            : (
                $"The publication '{config.Publication}' lacks it, so its changes are not sent.",
                PublicationPlan.AddStatement(config.Publication, [relation.Name])
            );
        if (now.Publication is not null && PublicationPlan.Fixes(config, relation, now))
        {
            var fault = new Fault(
                relation.Name.ToString(),
                problem,
                "The bridge adds it by itself, "
                    + "as soon as no lock on the table prevents it (an index build, VACUUM, ANALYZE): "
                    + statement
            );
            return (fault, true);
        }
        var grants = relation.CanSelect ? "" : $"; {TableGap.GrantStatements(config, relation.Name)}";
        return (
            new Fault(
                relation.Name.ToString(),
                problem,
                $"As the owner of the table and of the publication, run: {statement}{grants}"
            ),
            false
        );
    }

    private static Fault Gone(BridgeConfig config, uint oid, TableName name, SourceCatalogue now)
    {
        if (now.Relations.FirstOrDefault(relation => relation.Name == name) is { } there)
            return new SourceRelation(name, there.Kind, there.Persistence, now.Publication?.ViaRoot).Obstacle(config)
                ?? new Fault(
                    name.ToString(),
                    "It is not selected, so its changes are not captured.",
                    "Add it to table.include.list."
                );
        var moved = now.Names.FirstOrDefault(relation => relation.Oid == oid).Name;
        return moved == default
            ? new Fault(
                name.ToString(),
                "It no longer exists: it was dropped.",
                "Create it again, or remove it from table.include.list."
            )
            : new Fault(
                name.ToString(),
                $"It no longer exists: it was renamed or moved, and is now '{moved}'.",
                "Rename it back, create another one in its place, or remove it from table.include.list."
            );
    }
}
