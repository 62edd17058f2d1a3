using Npgsql;
using NpgsqlTypes;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>The legacy tables: made to be damaged, with everything in them that ever caused a fault.</summary>
internal static class ShopTables
{
    /// <summary>The tables that are captured.</summary>
    public const string Captured = "public.kind,public.part,public.product,public.rate";

    public const string Publication = """
        create publication strangler for table kind, part, product, rate with (publish_via_partition_root = true)
        """;

    /// <summary>The table of products, under any name.</summary>
    public static string Product(string name) =>
        $"""
            create table {name} (
                id text primary key, name text not null, note text, state product_state not null,
                kind_code text not null, price numeric not null, changed_at timestamptz not null,
                version bigint not null
            );
            alter table {name} alter note set storage external
            """;

    public static readonly string Create = $"""
        create type product_state as enum ('open', 'held', 'closed');
        create table kind (code text primary key, label text not null, version bigint not null);
        create table rate (code text primary key, percent numeric not null, version bigint not null);
        {Product("product")};
        create table part (product_id text not null, region int not null, quantity int not null,
            version bigint not null, primary key (product_id, region)) partition by range (region);
        create table part_low partition of part for values from (0) to (10);
        create table part_mid partition of part for values from (10) to (20);
        create table part_high partition of part for values from (20) to (30);
        insert into kind select 'k' || n, 'kind ' || n, 0 from generate_series(1, 5) n;
        insert into rate values ('a', 1.50, 0), ('b', 2.25, 0);
        insert into product select 'P' || lpad(n::text, 2, '0'), 'product ' || n, null, 'open', 'k' || 1 + n % 5,
            n + 0.50, now(), 0 from generate_series(0, 49) n;
        insert into part select id, region, region, 0 from product, generate_series(1, 29, 7) region;
        {Publication}
        """;

    /// <summary>Every requested key: some of them never have a row.</summary>
    public static readonly IReadOnlyList<string> Keys =
    [
        .. Enumerable.Range(0, 60).Select(number => $"P{number:D2}"),
        .. Enumerable.Range(0, 6).Select(number => $"A{number:D2}"),
    ];

    /// <summary>Reads the answers of all keys, or of one, in one snapshot.</summary>
    /// <returns>The body of each key that exists.</returns>
    /// <exception cref="PostgresException">The tables aren't as declared.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(
        NpgsqlDataSource source,
        string? key,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        await using var command = source.CreateCommand(
            """
            select p.id, p.name, p.note, p.state::text,
                (select code || ':' || label || ':' || version from kind where code = p.kind_code),
                p.price::text,
                case when isfinite(p.changed_at)
                    then to_char(p.changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                    else p.changed_at::text end,
                p.version,
                (select string_agg(region || ':' || quantity || ':' || version, ',' order by region)
                    from part where product_id = p.id),
                (select string_agg(code || ':' || percent || ':' || version, ',' order by code collate "C") from rate)
            from product p where $1::text is null or p.id = $1
            """
        );
        command.CommandTimeout = (int)Math.Ceiling(limit.TotalSeconds);
        command.Parameters.Add(new() { Value = (object?)key ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var bodies = new Dictionary<string, string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            bodies[reader.GetString(0)] = new ShopAnswer(
                reader.GetString(0),
                reader.GetString(1),
                Text(2),
                reader.GetString(3),
                Text(4),
                reader.GetString(5),
                reader.GetString(6),
                reader.GetInt64(7),
                Text(8) ?? "",
                Text(9) ?? ""
            ).ToJson();
        }
        return bodies;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }
}
