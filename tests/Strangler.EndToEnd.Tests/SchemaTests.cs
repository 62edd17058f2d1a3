using System.Text;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.EndToEnd.Tests.Writes;
using Strangler.Projections;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>A table's content can change without a row event.</summary>
public sealed class SchemaTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>One table that is read by the key and one that is reached through another.</summary>
    [Fact]
    public async Task Column_AddedWithADefaultToATableThatIsNeverWrittenAgain_EndsInTheDocumentsWithoutAnotherCommit()
    {
        await using var system = await RunningSystem.StartAsync(60, Cancellation);
        foreach (
            var change in new[]
            {
                "alter table warehouse_stock drop column damaged, add column damaged int default 7",
                "alter table store drop column click_collect, add column click_collect boolean default false",
            }
        )
        {
            var before = await DocumentsAsync(system);

            await ExecuteAsync(system, change);

            await DocumentsCheck.BecomeEqualAsync(system, [], Cancellation);
            Assert.NotEqual(before, await DocumentsAsync(system)); // otherwise the change did not affect any document
        }
    }

    [Fact]
    public async Task Column_GoesAndComesBack_StopsWhatReadsItAndNothingElseUntilItIsThere()
    {
        await using var system = await RunningSystem.StartAsync(60, Cancellation);
        var projections = system.Projections.ProcessId;

        // ItemDetails declares it, the other doesn't
        await ExecuteAsync(system, "alter table item drop column weight_kg");
        await BecomesAsync(system, "ItemDetails", found => found is Found.Miss { Reason: MissReason.Stopped });
        await BecomesAsync(system, "ItemAvailability", found => found is Found.Document);
        var check = await CommandRun.Async("check", "--config", system.ConfigFile);
        await ExecuteAsync(
            system,
            "update item set name = 'without a weight' where sku = '000001'; alter table item add column weight_kg "
                + "double precision default 2.5"
        );

        check.AssertFault("public.item.weight_kg: The table has no column 'weight_kg'");
        await BecomesAsync(
            system,
            "ItemDetails",
            found =>
                found is Found.Document document
                && Encoding.UTF8.GetString(document.Bytes.Span) is var text
                && text.Contains("without a weight", StringComparison.Ordinal)
                && text.Contains("2.5", StringComparison.Ordinal)
        );
        await DocumentsCheck.BecomeEqualAsync(system, [], Cancellation);
        Assert.Equal((projections, false), (system.Projections.ProcessId, system.Projections.HasExited));
    }

    /// <summary>
    /// While a transaction is open, the snapshot for reading can't be taken: until then the table's content is unknown.
    /// </summary>
    [Fact]
    public async Task Column_AddedWhileTheTableCannotBeRead_ServesNothingOfItUntilItHasBeen()
    {
        await using var system = await RunningSystem.StartAsync(60, Cancellation);
        await using (var connection = await system.Source.OpenConnectionAsync(Cancellation))
        {
            await using var open = await connection.BeginTransactionAsync(Cancellation);
            await using (var command = new NpgsqlCommand("select pg_current_xact_id()", connection))
                await command.ExecuteScalarAsync(Cancellation);
            await ExecuteAsync(
                system,
                "alter table item drop column weight_kg, add column weight_kg double precision default 2.5"
            );

            await BecomesAsync(system, "ItemDetails", found => found is Found.Miss { Reason: MissReason.Dirty });
        }

        await DocumentsCheck.BecomeEqualAsync(system, [], Cancellation);
    }

    /// <summary>
    /// The nightly reload and the swap of names, with a login that owns nothing: the owner fixes it with the statements
    /// that the doubt names.
    /// </summary>
    [Theory]
    [InlineData(
        "begin; create table item_next (like item including all); insert into item_next select * from item; update "
            + "item_next set name = name || ' (new)'; drop table item; alter table item_next rename to item; commit"
    )]
    [InlineData(
        "begin; create table item_next (like item including all); insert into item_next select * from item where "
            + "sku > '000003'; alter table item rename to item_old; alter table item_next rename to item; commit"
    )]
    public async Task Table_ReplacedUnderItsName_IsNeverAnsweredAsAbsentAndComesBackWithTheNamedStatements(
        string replace
    )
    {
        await using var system = await RunningSystem.StartAsync(60, Cancellation);
        var bridge = system.Bridge.ProcessId;

        await ExecuteAsync(system, replace);
        await BecomesAsync(
            system,
            "ItemDetails",
            found =>
            {
                Assert.IsNotType<Found.Absent>(found);
                return found is Found.Miss { Reason: MissReason.Dirty };
            }
        );
        var statement = await NamedStatementAsync(system);
        await system.Gateway.WaitForLineAsync(statement, Cancellation);
        var check = await CommandRun.Async("check", "--config", system.ConfigFile);
        var (routes, item) = (
            await CommandRun.Async("routes", "--config", system.ConfigFile),
            await system.Admin.RouteAsync("item", Cancellation)
        );
        await ExecuteAsync(system, statement);

        check.AssertFault("lacks the table 'public.item'");
        var said = Assert.Single(item.ProjectionTroubles);
        Assert.StartsWith(
            "The table 'public.item' is in doubt, so that look-ups go to legacy. The publication 'strangler' lacks it,",
            said,
            StringComparison.Ordinal
        );
        Assert.EndsWith(statement, said, StringComparison.Ordinal);
        Assert.Contains(
            $"ItemDetails: {said}",
            string.Join(' ', routes.Output.Select(line => line.TrimEnd())),
            StringComparison.Ordinal
        );
        await DocumentsCheck.BecomeEqualAsync(system, ["000001"], Cancellation);
        await system.Gateway.WaitForLineAsync("The projection 'ItemDetails' can be served now.", Cancellation);
        Assert.Equal((bridge, false), (system.Bridge.ProcessId, system.Bridge.HasExited));
    }

    /// <summary>
    /// The statement in the single table's doubt. At first the doubt may be another: the look that finds the table gone
    /// may be older than the one that finds the new one in its place.
    /// </summary>
    private static async Task<string> NamedStatementAsync(RunningSystem system)
    {
        const string named = "run: ";
        var why = "";
        await Until.TrueAsync(HasStatementAsync, () => $"The doubt was last '{why}'.\n{system.Words()}", Cancellation);
        return why[(why.IndexOf(named, StringComparison.Ordinal) + named.Length)..];

        async Task<bool> HasStatementAsync()
        {
            await using var command = system.Store.CreateCommand(
                "select doubt from projections.source_table where doubt is not null"
            );
            why = await command.ExecuteScalarAsync(Cancellation) as string ?? "";
            return why.Contains(named, StringComparison.Ordinal);
        }
    }

    /// <summary>Waits until the first item's look-up finds the expected result.</summary>
    private static async Task BecomesAsync(RunningSystem system, string projection, Func<Found, bool> wanted)
    {
        var id = ProjectionAssemblies
            .Load(new ConfigurationBuilder().AddJsonFile(system.ConfigFile).Build())
            .Single(responder => responder.Projection.Name == projection)
            .Projection;
        Found? found = null;
        await Until.TrueAsync(
            async () => wanted(found = (await system.Answers.FindAsync(id, ["000001"], Cancellation)).Found[0]),
            () => $"{projection} 000001 was last {found}.\n{system.Words()}",
            TimeSpan.FromSeconds(60),
            Cancellation
        );
    }

    private static async Task ExecuteAsync(RunningSystem system, string sql)
    {
        await using var command = system.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<string> DocumentsAsync(RunningSystem system)
    {
        await using var command = system.Store.CreateCommand(
            "select md5(string_agg(key || encode(bytes, 'hex'), ' ' order by build, key)) from projections.document"
        );
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
