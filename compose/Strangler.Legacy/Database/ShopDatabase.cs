using Dapper;
using Npgsql;

namespace Shop.Database;

/// <summary>Creates the shop's tables and fills them.</summary>
public static class ShopDatabase
{
    /// <summary>The tables of the shop's things with their schema, sorted: all but the settings.</summary>
    public static IReadOnlyList<string> Tables { get; } =
    [
        "public.area",
        "public.back_order",
        "public.calendar_day",
        "public.item",
        "public.item_group",
        "public.item_group_member",
        "public.merchant",
        "public.offer",
        "public.old_item",
        "public.old_reservation",
        "public.old_sell_permission",
        "public.old_stock",
        "public.reservation",
        "public.sales_cap",
        "public.site",
        "public.site_eligibility",
        "public.store",
        "public.store_backroom",
        "public.store_floor",
        "public.unit_conversion",
        "public.warehouse",
        "public.warehouse_area",
        "public.warehouse_site",
        "public.warehouse_stock",
    ];

    /// <summary>
    /// Creates the schema in an empty database and fills it in one transaction. The same number of items and the same
    /// time give the same data.
    /// </summary>
    public static async Task SeedAsync(
        NpgsqlDataSource database,
        int items,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(Script("schema.sql"), transaction: transaction, cancellationToken: cancellationToken)
        );
        await connection.ExecuteAsync(
            new CommandDefinition(
                Script("seed.sql"),
                new { items, now = now.UtcDateTime },
                transaction,
                commandTimeout: 600,
                cancellationToken: cancellationToken
            )
        );
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Whether the schema exists. It is created completely or not at all.</summary>
    public static async Task<bool> HasTablesAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition("select to_regclass('public.item') is not null", cancellationToken: cancellationToken)
        );
    }

    private static string Script(string name)
    {
        using var stream =
            typeof(ShopDatabase).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The script '{name}' is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
