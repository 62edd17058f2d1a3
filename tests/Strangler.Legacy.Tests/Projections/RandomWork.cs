using Dapper;
using Shop.Traffic;

namespace Strangler.Legacy.Tests.Projections;

/// <summary>
/// What happens to a shop in a day: writes through its API, and direct database statements, in transactions of which
/// some are rolled back.
/// </summary>
internal sealed class RandomWork(LegacyShop shop, int items, Random random)
{
    private readonly TrafficPlan _plan = new(items, random.Next(1_000_000));

    public async Task DoAsync(int writes, CancellationToken cancellationToken)
    {
        for (var count = 0; count < writes; count++)
        {
            if (random.Next(3) == 0)
                await JobAsync(cancellationToken);
            else
                await WriteAsync();
        }
    }

    private async Task WriteAsync()
    {
        var write = random.Next(12) switch
        {
            0 => new TrafficRequest(
                "PUT",
                $"/api/warehouses/{random.Next(1, 17)}",
                $$"""{"state":"{{Pick("open", "open", "moving", "closed")}}","reopensOn":"{{ReleaseDay()}}"}"""
            ),
            1 => new(
                "PUT",
                $"/api/items/{Sku()}",
                $$"""{"status":"{{Pick("A", "A", "P", "D")}}","releasedOn":"{{ReleaseDay()}}"}"""
            ),
            2 => new(
                "PUT",
                "/api/eligibility",
                $$"""{"group":"G{{random.Next(40):D2}}","site":"{{Pick("de", "at", "ch", "fr", "nl")}}","allowed":"""
                    + $$"""{{Pick("true", "true", "false")}}}"""
            ),
            _ => _plan.NextWrite(),
        };
        var answer = await shop.SendAsync(new(write.Method), write.Path, write.Json);
        if (answer.Status is not (201 or 204 or 404 or 409))
            throw new InvalidOperationException($"{write} was answered with {answer}.");
    }

    private string ReleaseDay() => $"2026-03-{random.Next(8, 20):D2}";

    private async Task JobAsync(CancellationToken cancellationToken)
    {
        await using var connection = await shop.Database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        for (var count = random.Next(1, 4); count > 0; count--)
            await connection.ExecuteAsync(
                new CommandDefinition(Statement(), transaction: transaction, cancellationToken: cancellationToken)
            );
        if (random.Next(6) == 0)
            await transaction.RollbackAsync(cancellationToken);
        else
            await transaction.CommitAsync(cancellationToken);
    }

    private string Statement() =>
        random.Next(26) switch
        {
            0 => $"update item_group_member set group_code = 'G{random.Next(40):D2}' where sku = '{Sku()}' "
                + "and 1 = (select count(*) from item_group_member other where other.sku = item_group_member.sku)",
            1 => $"delete from item_group where code = 'G{random.Next(40):D2}'",
            2 => $"insert into item_group values ('G{random.Next(40):D2}', 'again') on conflict do nothing",
            3 => $"with moved as (delete from warehouse_stock where sku = '{Sku()}' returning *) "
                + $"insert into warehouse_stock select warehouse_id, '{Sku()}', on_hand, damaged, updated_at "
                + "from moved on conflict do nothing",
            4 => $"update old_stock set item_code = 'SKU-{Sku()}', depot_no = {random.Next(101, 117)} "
                + $"where item_code = 'SKU-{Sku()}'",
            5 => $"update old_stock set cases = cases * 1.37 where depot_no = {random.Next(101, 117)}",
            6 => $"update warehouse set depot_no = null where id = {random.Next(1, 17)}",
            7 => $"update warehouse set depot_no = 100 + id, area_code = '{Pick("DE-N", "AT-E", "CH", "GONE")}' "
                + $"where id = {random.Next(1, 17)}",
            8 => $"delete from warehouse_area where warehouse_id = {random.Next(1, 17)} "
                + $"and area_code = '{Pick("DE-N", "DE-S", "CH", "FR-N")}'",
            9 => $"update warehouse_area set allowed = {Pick("null", "true", "false")}, "
                + $"lead_days = {random.Next(1, 9)} where warehouse_id = {random.Next(1, 17)}",
            10 => "insert into warehouse_site (warehouse_id, site_code) "
                + $"values ({random.Next(1, 17)}, {Pick("null", "'de'", "'ch'")})",
            11 => $"delete from warehouse_site where warehouse_id = {random.Next(1, 17)} and site_code is not null",
            12 => $"update area set site_code = '{Pick("de", "at", "fr", "gone")}', "
                + $"region = '{Pick("north", "south")}' where code = '{Pick("AT-W", "DE-W", "NL")}'",
            13 => $"update site set selling = {Pick("null", "true", "true", "false")} "
                + $"where code = '{Pick("de", "fr", "nl", "at")}'",
            14 =>
                $"update unit_conversion set pieces = {random.Next(2, 20)}.5 where unit in ('{Pick("CASE", "PACK")}')",
            15 => $"update old_item set case_pieces = {Pick("null", "7", "30")} where code = 'SKU-{Sku()}'",
            16 => $"delete from old_item where code = 'SKU-{Sku()}'",
            17 => $"update store set click_collect = {Pick("null", "true", "false")}, "
                + $"closes_on = {Pick("null", "'2026-03-12'", "'2026-03-20'")}, area_code = '{Pick("DE-N", "CH")}' "
                + $"where id = {random.Next(1, 49)}",
            18 => $"update merchant set suspended = not suspended, max_age_minutes = {Pick("null", "45", "2000")}, "
                + $"name = 'Händler & Co' where id = 'm{random.Next(1, 61):D3}'",
            19 => $"update offer set merchant_id = 'm{random.Next(1, 64):D3}', "
                + $"site_code = {Pick("null", "'de'", "'ch'")}, sku = '{Sku()}' where sku = '{Sku()}'",
            20 => $"update old_sell_permission set allowed = '{Pick("Y", "N")}', site_no = {Pick("null", "1", "3")} "
                + $"where group_code = 'G{random.Next(40):D2}'",
            21 => $"delete from site_eligibility where group_code = 'G{random.Next(40):D2}'",
            22 => $"update sales_cap set group_code = 'G{random.Next(40):D2}', area_code = null, "
                + $"max_quantity = {random.Next(1, 30)} where sku = '{Sku()}'",
            23 => "insert into old_reservation (item_code, depot_no, pieces, until_on) values "
                + $"('SKU-{Sku()}', {Pick("null", "101", "109")}, {random.Next(1, 9)}, "
                + $"{Pick("null", "'2026-03-12'")}), ('elsewhere', null, 1, null)",
            24 => $"insert into calendar_day values ('{Pick("de", "ch")}', date '2026-03-01' + {random.Next(40)}, "
                + "'strike') on conflict do nothing",
            _ => $"update back_order set expected_on = date '2026-03-01' + {random.Next(40)}, "
                + $"quantity = quantity + 1 where sku = '{Sku()}'",
        };

    private string Sku() => LegacyShop.Sku(random.Next(1, items + 1));

    private string Pick(params string[] words) => words[random.Next(words.Length)];
}
