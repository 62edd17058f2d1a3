using Strangler.EndToEnd.Tests.Harness;
using Strangler.EndToEnd.Tests.Writes;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>What a table holds can change without an event of any row.</summary>
public sealed class SchemaTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>One table that is read by the key and one that is reached through another.</summary>
    [Fact]
    public async Task Column_AddedWithADefaultToATableThatIsNeverWrittenAgain_EndsInTheDocumentsWithoutAnotherCommit()
    {
        await using var system = await RunningSystem.StartAsync(60, Cancellation);
        foreach (var change in new[] { "alter table warehouse_stock drop column damaged, add column damaged int default 7", "alter table store drop column click_collect, add column click_collect boolean default false" })
        {
            var before = await DocumentsAsync(system);

            await using (var command = system.Source.CreateCommand(change)) await command.ExecuteNonQueryAsync(Cancellation);

            await DocumentsCheck.BecomeEqualAsync(system, [], Cancellation);
            Assert.NotEqual(before, await DocumentsAsync(system)); // else the change did not matter to any document
        }
    }

    private static async Task<string> DocumentsAsync(RunningSystem system)
    {
        await using var command = system.Store.CreateCommand("select md5(string_agg(key || encode(bytes, 'hex'), ' ' order by build, key)) from projections.document");
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
