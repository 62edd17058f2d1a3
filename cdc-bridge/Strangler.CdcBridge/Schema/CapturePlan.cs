using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Schema;

/// <summary>Which tables are captured, as the catalogue is now, and which of them are complete. Pure.</summary>
internal static class CapturePlan
{
    /// <summary>
    /// A state for each topic: of what is selected or part of it, and of whatever the log holds. A table that the
    /// publication holds and nobody selects, such as one that was renamed, has none: its rows are passed over.
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
        var shared = TopicName
            .Shared(config.Prefix, captured[true].Select(relation => (relation.Name.Schema, relation.Name.Name)))
            .ToDictionary(group => group.Topic);
        var states = new Dictionary<string, TableState>();
        // Where a topic is a table's, nothing else has it, such as a view of nearly the same name.
        foreach (var relation in captured[true].Concat(captured[false]))
        {
            var topic = TopicName.Of(config.Prefix, relation.Name.Schema, relation.Name.Name);
            var isKnown = known.Any(table => table.Topic == topic);
            if (states.ContainsKey(topic))
                continue;
            if (shared.TryGetValue(topic, out var group))
            {
                var why = PublicationPlan.SharedTopic(group);
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
    /// A partition comes under its root's name, or its root comes under the names of its partitions; a view was never
    /// captured.
    /// </summary>
    private static bool IsOtherwiseCaptured(BridgeConfig config, CandidateTable relation, SourceCatalogue now) =>
        !relation.IsTable
        || (relation.Kind == 'p' && now.Publication is { ViaRoot: false, Partitions: true })
        || (relation.IsPartition && relation.Parents.Any(config.Tables.Selects));

    /// <summary>Why a table's changes don't come, and whether the bridge publishes it by itself.</summary>
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
                $"The publication '{config.Publication}' does not exist, so that its changes do not come.",
                PublicationPlan.CreateStatement(config.Publication, [relation.Name])
            )
            : (
                $"The publication '{config.Publication}' lacks it, so that its changes do not come.",
                PublicationPlan.AddStatement(config.Publication, [relation.Name])
            );
        if (now.Publication is not null && PublicationPlan.Fixes(config, relation, now))
        {
            var fault = new Fault(
                relation.Name.ToString(),
                problem,
                "The bridge adds it by itself, "
                    + "once no lock of the table is in its way (an index build, VACUUM, ANALYZE): "
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
                    "It is not selected, so that its changes do not come.",
                    "Add it to table.include.list."
                );
        var moved = now.Names.FirstOrDefault(relation => relation.Oid == oid).Name;
        return moved == default
            ? new Fault(
                name.ToString(),
                "It does not exist any more: it was dropped.",
                "Create it again; or take it out of table.include.list."
            )
            : new Fault(
                name.ToString(),
                $"It does not exist any more: it was renamed or moved, and is '{moved}' now.",
                "Give it its name back, or create another one in its place; or take it out of table.include.list."
            );
    }
}
