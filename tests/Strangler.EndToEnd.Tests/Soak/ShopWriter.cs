using System.Globalization;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>
/// Draws transactions: rows that are inserted, deleted, change keys and move between keys and partitions.
/// </summary>
internal sealed class ShopWriter(int seed)
{
    private readonly Random _random = new(seed);
    private long _version;

    /// <summary>One transaction: some statements, sometimes partly or completely rolled back.</summary>
    public string Draw()
    {
        var statements = Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Statement()).ToList();
        if (_random.Next(6) == 0)
            statements.Insert(0, $"savepoint part; {Statement()}; rollback to part");
        return $"begin; {string.Join("; ", statements)}; {(_random.Next(12) == 0 ? "rollback" : "commit")}";
    }

    private string Statement() =>
        _random.Next(22) switch
        {
            < 5 => $"update product set price = {Price()}, version = {Next()} where id = '{Key()}'",
            5 => $"update product set name = '{Name()}', changed_at = now(), version = {Next()} where id = '{Key()}'",
            6 => $"update product set note = {Note()}, version = {Next()} where id = '{Key()}'",
            7 => $"update product set state = {State()}, version = {Next()} where id = '{Key()}'",
            8 => $"update product set kind_code = 'k{_random.Next(1, 7)}', version = {Next()} where id = '{Key()}'",
            9 => $"update product set id = '{Key()}', version = {Next()} where id = '{Key()}'",
            10 => $"delete from product where id = '{Key()}' and (select count(*) from product) > 40",
            < 13 => $"""
                insert into product (id, name, note, state, kind_code, price, changed_at, version)
                values ('{Key()}', '{Name()}', {Note()}, {State()}, 'k{_random.Next(1, 6)}', {Price()}, now(), {Next()})
                on conflict do nothing
                """,
            13 => $"update kind set label = '{Name()}', version = {Next()} where code = 'k{_random.Next(1, 6)}'",
            14 when _random.Next(8) == 0 => $"update rate set percent = {Price()}, version = {Next()} where code = 'a'",
            15 => $"delete from part where {OnePart()}",
            16 => $"update part set region = {Region()}, version = {Next()} where {OnePart()}",
            17 => $"update part set product_id = '{Key()}', version = {Next()} where {OnePart()}",
            < 20 => $"""
                insert into part (product_id, region, quantity, version)
                values ('{Key()}', {Region()}, {_random.Next(90)}, {Next()}) on conflict do nothing
                """,
            _ => $"update part set quantity = {_random.Next(90)}, version = {Next()} where product_id = '{Key()}'",
        };

    private string Key() => ShopTables.Keys[_random.Next(60)];

    private int Region() => _random.Next(30);

    private string OnePart() => $"product_id = '{Key()}' and region = {Region()}";

    private string State() => $"(enum_range(null::product_state))[{_random.Next(1, 4)}]";

    private string Price() =>
        string.Create(CultureInfo.InvariantCulture, $"{_random.Next(1000)}.{_random.Next(100):D2}");

    private string Name() => $"name {_random.Next(10_000)}";

    /// <summary>Some are so long that PostgreSQL doesn't send them when another column changes.</summary>
    private string Note() =>
        _random.Next(3) switch
        {
            0 => "null",
            1 => $"'note {_random.Next(10_000)}'",
            _ => $"repeat('note {_random.Next(10_000)} ', 300)",
        };

    private long Next() => ++_version;
}
