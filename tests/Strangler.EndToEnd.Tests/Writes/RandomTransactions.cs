using System.Globalization;
using Npgsql;

namespace Strangler.EndToEnd.Tests.Writes;

/// <summary>
/// Writes to the legacy database as its services never would: transactions over several tables, with keys that change,
/// rows that move between keys, parts that are rolled back, and tables that are emptied. The same seed writes the same
/// statements. One client; its caller limits its work.
/// </summary>
/// <param name="seed">The same seed writes the same statements.</param>
/// <param name="items">How many items the shop has.</param>
/// <param name="schemaChanges">
/// Whether sometimes a table gains or loses a column, or a column is created again with another default.
/// </param>
/// <param name="truncates">Whether sometimes a table is emptied, which makes the bridge read it again.</param>
internal sealed class RandomTransactions(int seed, int items, bool schemaChanges = false, bool truncates = true)
{
    /// <summary>Tables of the main path that are emptied, and then refilled with most of their content.</summary>
    private static readonly string[] Emptied = ["warehouse_stock", "offer", "store_floor", "item_group_member", "item"];

    private readonly Random _random = new(seed);
    private int _fresh = 500_000 + (seed % 1_000 * 400);

    /// <summary>
    /// Reservations whose transaction was reported as committed, or whose commit was never answered (null: unknown).
    /// </summary>
    public List<(Guid Id, bool? Committed)> Reservations { get; } = [];

    public int Committed { get; private set; }

    public int RolledBack { get; private set; }

    /// <summary>Statements that emptied a table, rolled back or not.</summary>
    public int Truncates { get; private set; }

    /// <summary>Runs one transaction.</summary>
    /// <exception cref="NpgsqlException">The server became unavailable.</exception>
    public async Task RunAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var reservation = NewGuid();
        var rollBack = _random.Next(8) == 0;
        if (schemaChanges && _random.Next(50) == 0)
            await ExecuteAsync(SchemaChange());
        for (var left = _random.Next(1, 7); left > 0; left--)
        {
            if (_random.Next(5) != 0)
            {
                await ExecuteAsync(Statement());
                continue;
            }
            await transaction.SaveAsync("part", cancellationToken);
            await ExecuteAsync(Statement());
            if (_random.Next(2) == 0)
                await transaction.RollbackAsync("part", cancellationToken);
        }
        await ExecuteAsync(
            $"insert into reservation (id, sku, warehouse_id, quantity, state, ends_at) values ('{reservation}', "
                + $"'{Sku()}', {Warehouse()}, {_random.Next(1, 5)}, 'active', now() + interval '1 day')"
        );
        if (rollBack)
        {
            await transaction.RollbackAsync(cancellationToken);
            Reservations.Add((reservation, false));
            RolledBack++;
            return;
        }
        Reservations.Add((reservation, null));
        await transaction.CommitAsync(cancellationToken);
        Reservations[^1] = (reservation, true);
        Committed++;

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private string Statement() =>
        _random.Next(28) switch
        {
            0 => $"update warehouse_stock set on_hand = {Number(40)}, updated_at = now() where sku = '{Sku()}'",
            1 => "insert into warehouse_stock (warehouse_id, sku, on_hand, damaged, updated_at) values "
                + $"({Warehouse()}, '{Sku()}', {Number(30)}, null, now()) on conflict (warehouse_id, sku) do update "
                + "set on_hand = excluded.on_hand",
            2 => $"delete from warehouse_stock where sku = '{Sku()}' and warehouse_id = {Warehouse()}",
            3 => $"update warehouse_stock s set warehouse_id = {Warehouse()} where sku = '{Sku()}' and ctid = (select "
                + "min(ctid) from warehouse_stock o where o.sku = s.sku) and not exists (select from warehouse_stock "
                + "o where o.sku = s.sku and o.ctid <> s.ctid)",
            4 => $"update item set sku = '{Fresh():D6}' where sku = '{Sku()}'",
            5 => Taken(Sku()),
            6 => $"update item set name = 'name {_random.Next(1_000)}', price = price + 0.10 where sku = '{Sku()}'",
            7 => "update item set description = (select string_agg(md5(n::text), '') from "
                + $"generate_series({_random.Next(1_000)}, {_random.Next(1_000, 1_400)}) n) where sku = '{Sku()}'",
            8 => $"update offer set sku = '{Sku()}', quantity = {_random.Next(9)} where id = {Some("offer")}",
            9 => $"update offer set id = {Fresh()} where id = {Some("offer")}",
            10 => $"delete from offer where id = {Some("offer")}",
            11 => "update merchant set suspended = not suspended, updated_at = now() where id = (select id from "
                + $"merchant order by id offset {_random.Next(3)} limit 1)",
            12 => $"insert into item_group_member (group_code, sku) select code, '{Sku()}' from item_group order by "
                + $"code offset {_random.Next(4)} limit 1 on conflict do nothing",
            13 => $"delete from item_group_member where sku = '{Sku()}'",
            14 => "update item_group_member m set group_code = (select code from item_group order by code offset "
                + $"{_random.Next(4)} limit 1) where sku = '{Sku()}' and not exists (select from item_group_member o "
                + "where o.sku = m.sku and o.group_code <> m.group_code) and (select count(*) from item_group) > 4",
            15 => $"update site_eligibility set allowed = not allowed where id = {Some("site_eligibility")}",
            16 => $"update reservation set state = 'cancelled' where sku = '{Sku()}'",
            17 => $"delete from reservation where sku = '{Sku()}' and state = 'cancelled'",
            18 => "update warehouse set state = case when state = 'open' then 'closed' else 'open' "
                + $"end::warehouse_state where id = {Warehouse()}",
            19 => $"insert into old_stock (item_code, depot_no, cases) values ('SKU-{Sku()}', {_random.Next(1, 9)}, "
                + $"{_random.Next(1, 90)}.50)",
            20 => $"update old_stock set item_code = 'SKU-{Sku()}' where id = {Some("old_stock")}",
            21 => $"update store_floor set quantity = {_random.Next(20)} where sku = '{Sku()}'",
            22 => $"insert into sales_cap (sku, group_code, area_code, max_quantity, from_at, to_at) values ('{Sku()}',"
                + $" null, null, {_random.Next(1, 20)}, now() - interval '1 hour', null)",
            23 => $"delete from sales_cap where id = {Some("sales_cap")}",
            24 when truncates && _random.Next(6) == 0 => _random.Next(2) == 0
                ? "truncate back_order"
                : "truncate store_backroom, old_reservation",
            24 => $"insert into back_order (sku, state, expected_on, quantity) values ('{Sku()}', 'O', current_date + "
                + $"{_random.Next(1, 30)}, {_random.Next(1, 50)})",
            25 when _random.Next(2) == 0 =>
                $"insert into item (sku, name, status, unit, price, created_at) values ('{Sku()}', 'an item that "
                    + $"came', 'A', 'EA', {_random.Next(1, 90)}.50, now()) on conflict do nothing",
            25 => $"delete from item where sku = '{Sku()}' and (select count(*) from item) > {items / 2}",
            26 when truncates && _random.Next(4) == 0 => Truncate(),
            26 => "update store set click_collect = "
                + $"{(_random.Next(3) == 0 ? "null" : "not coalesce(click_collect, true)")} where id = {Some("store")}",
            _ => $"update site set selling = {(_random.Next(3) == 0 ? "false" : "null")} where code = (select code "
                + $"from site order by code offset {_random.Next(2)} limit 1)",
        };

    private static string Taken(string sku) =>
        $"update item set sku = '{sku}' where sku = (select max(sku) from item) and not exists (select from item "
        + $"where sku = '{sku}')";

    private string Truncate()
    {
        Truncates++;
        var table = Emptied[_random.Next(Emptied.Length)];
        return table == "warehouse_stock" && _random.Next(2) == 0
            ? $"truncate {table}" // other statements refill it
            : $"create temp table kept as select * from {table} t where abs(hashtext(t::text)) % 12 > 0; "
                + $"truncate {table}; insert into {table} select * from kept; drop table kept";
    }

    // A default fills rows without an event.
    private string SchemaChange() =>
        _random.Next(4) switch
        {
            0 => $"alter table {Emptied[_random.Next(Emptied.Length)]} add column if not exists "
                + $"more int default {_random.Next(9)}",
            1 => $"alter table {Emptied[_random.Next(Emptied.Length)]} drop column if exists more",
            2 => $"alter table warehouse_stock drop column damaged, add column damaged int default {_random.Next(5)}",
            _ => "alter table store drop column click_collect, add column click_collect boolean default "
                + $"{(_random.Next(2) == 0 ? "false" : "null")}",
        };

    private string Sku() => $"{_random.Next(1, items + 1):D6}";

    private string Number(int below) =>
        _random.Next(6) == 0 ? "null" : _random.Next(below).ToString(CultureInfo.InvariantCulture);

    private string Some(string table) => $"(select id from {table} order by id offset {_random.Next(12)} limit 1)";

    private string Warehouse() => $"(select id from warehouse order by id offset {_random.Next(3)} limit 1)";

    private int Fresh() => _fresh++;

    private Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
