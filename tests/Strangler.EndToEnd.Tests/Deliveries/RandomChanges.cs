using System.Globalization;
using Npgsql;

namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>Random changes of the rows of one client, each with what it did as its own statement returned it.</summary>
/// <param name="client">Whose keys.</param>
/// <param name="random">Draws them.</param>
/// <param name="prefix">The topics' prefix.</param>
internal sealed class RandomChanges(int client, Random random, string prefix)
{
    private const int Rows = 40;
    private readonly HashSet<string> _deleted = [];
    private int _v;

    /// <summary>A new transaction.</summary>
    public void Begin() => _deleted.Clear();

    /// <summary>Changes a row, or moves it to another key, which is a delete and an insert.</summary>
    public async Task<IReadOnlyList<RowChange>> NextAsync(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        var (id, v, isItem) = ((client * 1_000) + random.Next(Rows), ++_v, random.Next(3) != 0);
        var (topic, key) = isItem ? ($"{prefix}.public.item", ItemKey(id)) : ($"{prefix}.public.line", LineKey(id));
        switch (random.Next(8))
        {
            // Twice in one transaction, two deletes of a key could not be told apart.
            case 0 when _deleted.Add(key):
                var gone = isItem
                    ? $"delete from item where id = {id} returning '', ''"
                    : $"delete from line where a = {client} and b = {id} returning '', ''";
                return await ReturnedAsync(gone) is null ? [] : [new RowChange(topic, key, "d", "")];
            case 1 when isItem && _deleted.Add(key):
                var other = (client * 1_000) + random.Next(Rows);
                var moved = await ReturnedAsync(
                    $"update item t set id = {other}, v = {v} where id = {id} and not exists "
                        + $"(select from item where id = {other}) returning '', row_to_json(t)::text"
                );
                return moved is null
                    ? []
                    : [new RowChange(topic, key, "d", ""), new RowChange(topic, ItemKey(other), "c", moved.Value.Row)];
            default:
                var note = random.Next(4) == 0 ? "null" : $"repeat('ä{random.Next(1_000)} \"', {random.Next(1, 40)})";
                var (op, row) = (
                    await ReturnedAsync(
                        isItem
                            ? $"insert into item as t values ({id}, {v}, {note}) on conflict (id) do update set "
                                + "v = excluded.v, note = excluded.note "
                                + "returning case when xmax = 0 then 'c' else 'u' end, row_to_json(t)::text"
                            : $"insert into line as t values ({client}, {id}, {v}) on conflict (a, b) do update set "
                                + "v = excluded.v returning case when xmax = 0 then 'c' else 'u' end, "
                                + "row_to_json(t)::text"
                    )
                )!.Value;
                return [new RowChange(topic, key, op, row)];
        }

        async Task<(string Op, string Row)?> ReturnedAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            return await reader.ReadAsync(CancellationToken.None) ? (reader.GetString(0), reader.GetString(1)) : null;
        }
    }

    private static string ItemKey(int id) => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}}}""");

    private string LineKey(int id) => string.Create(CultureInfo.InvariantCulture, $$"""{"a":{{client}},"b":{{id}}}""");
}
