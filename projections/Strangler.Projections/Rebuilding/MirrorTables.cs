using System.Data;
using Strangler.Projections.Binding;
using Strangler.Projections.Declaring;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Rebuilding;

/// <summary>Creates and drops the mirror's tables and link columns.</summary>
internal sealed class MirrorTables(StoreSession session, string source)
{
    /// <summary>The tables that are mirrored now, with their columns.</summary>
    public async Task<IReadOnlyList<(int Id, string Schema, string Name, string[] Columns)>> StoredAsync(
        CancellationToken cancellationToken
    )
    {
        var stored = new List<(int, string, string, string[])>();
        await foreach (
            var row in session.QueryAsync(
                "select id, schema, name, columns from projections.source_table where source = $1 order by id",
                [source],
                cancellationToken
            )
        )
        {
            stored.Add(
                (
                    row.GetInt32("id"),
                    row.GetString("schema"),
                    row.GetString("name"),
                    row.GetFieldValue<string[]>("columns")
                )
            );
        }
        return stored;
    }

    public async Task DropAsync(int id, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            $"drop table if exists projections.current_{id}, projections.history_{id}",
            [],
            cancellationToken
        );
        await session.ExecuteAsync("delete from projections.link where source_table = $1", [id], cancellationToken);
        await session.ExecuteAsync("delete from projections.source_table where id = $1", [id], cancellationToken);
    }

    /// <summary>Creates the pair of tables of a source table that is mirrored from now on.</summary>
    public async Task CreateAsync(
        string schema,
        string name,
        IReadOnlyList<string> columns,
        CancellationToken cancellationToken
    )
    {
        var id = await session.ScalarAsync<int>(
            "insert into projections.source_table (source, schema, name, columns) values ($1, $2, $3, $4) returning id",
            [source, schema, name, columns.ToArray()],
            cancellationToken
        );
        await session.ExecuteAsync(
            $"""
            create table projections.current_{id} (
                pk text collate "C" primary key,
                row text,
                epoch int not null,
                commit pg_lsn not null,
                ordinal int not null,
                seen_epoch int,
                seen_commit pg_lsn
            ) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02)
            """,
            [],
            cancellationToken
        );
        await session.ExecuteAsync(
            $"""
            create table projections.history_{id} (
                pk text collate "C" not null,
                row text not null,
                epoch int not null,
                commit pg_lsn not null,
                ordinal int not null,
                to_epoch int not null,
                to_commit pg_lsn not null,
                to_ordinal int not null,
                ended timestamptz not null
            ) partition by range (ended)
            """,
            [],
            cancellationToken
        );
        await session.ExecuteAsync(
            $"create index on projections.history_{id} (pk, epoch, commit, ordinal)",
            [],
            cancellationToken
        );
    }

    /// <summary>
    /// Gives every link of the models a column, and returns the mirrored tables with the column of each link.
    /// </summary>
    public async Task<(
        IReadOnlyList<MirrorTable> Tables,
        Dictionary<(int Table, string Projection, int Ordinal), int> Slots
    )> LinkAsync(IReadOnlyList<ProjectionModel> models, CancellationToken cancellationToken)
    {
        var stored = await StoredAsync(cancellationToken);
        await session.ExecuteAsync(
            "delete from projections.link where projection <> all($1) and source_table = any($2)",
            [models.Select(model => model.Id.Name).ToArray(), stored.Select(table => table.Id).ToArray()],
            cancellationToken
        );
        var slots = new Dictionary<(int, string, int), int>();
        await foreach (
            var row in session.QueryAsync(
                "select source_table, projection, ordinal, slot from projections.link where source_table = any($1)",
                [stored.Select(table => table.Id).ToArray()],
                cancellationToken
            )
        )
        {
            slots.Add(
                (row.GetInt32("source_table"), row.GetString("projection"), row.GetInt32("ordinal")),
                row.GetInt32("slot")
            );
        }
        foreach (var model in models)
        {
            foreach (var table in model.Tables)
            {
                var id = stored.Single(one => one.Schema == table.Schema && one.Name == table.Name).Id;
                foreach (var link in table.Links)
                {
                    if (slots.ContainsKey((id, model.Id.Name, link.Ordinal)))
                        continue;
                    var taken = slots.Where(one => one.Key.Item1 == id).Select(one => one.Value).ToHashSet();
                    var slot = Enumerable.Range(0, taken.Count + 1).First(free => !taken.Contains(free));
                    slots.Add((id, model.Id.Name, link.Ordinal), slot);
                    await session.ExecuteAsync(
                        "insert into projections.link (source_table, slot, projection, ordinal) "
                            + "values ($1, $2, $3, $4)",
                        [id, slot, model.Id.Name, link.Ordinal],
                        cancellationToken
                    );
                    foreach (var part in new[] { "current", "history" })
                        await session.ExecuteAsync(
                            $"alter table projections.{part}_{id} add column if not exists l{slot} text collate \"C\"",
                            [],
                            cancellationToken
                        );
                    await session.ExecuteAsync(
                        $"create index if not exists current_{id}_l{slot} on projections.current_{id} (l{slot}) "
                            + $"where l{slot} is not null",
                        [],
                        cancellationToken
                    );
                    await session.ExecuteAsync(
                        $"create index if not exists history_{id}_l{slot}_to on projections.history_{id} (l{slot}, "
                            + $"to_epoch, to_commit) where l{slot} is not null",
                        [],
                        cancellationToken
                    );
                }
            }
        }
        var tables = stored
            .Select(table => new MirrorTable(
                table.Id,
                table.Schema,
                table.Name,
                table.Columns,
                slots.Where(one => one.Key.Item1 == table.Id).Select(one => one.Value + 1).DefaultIfEmpty(0).Max()
            ))
            .ToList();
        return (tables, slots);
    }
}
