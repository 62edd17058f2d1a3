using Npgsql;
using Strangler.EndToEnd.Tests.Harness;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>The statements of <c>docs/operations.md</c> show what the page says that they show.</summary>
public sealed class OperationsTests
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Statements_OfPartsThatNobodyTellsOf_ShowWhichIsThereAndWhichRests()
    {
        var statements = Statements();
        await using var system = await RunningSystem.StartAsync(20, Cancellation); // each part by itself

        var there = await PartsAsync();
        var (bridge, projections) = Assert.Single(await RowsAsync(system, statements[1], Behind));
        await system.Projections.KillAsync();
        List<string> left = [];
        await Until.TrueAsync(
            async () => !(left = await PartsAsync()).Contains("projections"),
            () => $"There are still {string.Join(", ", left)}.",
            Cancellation
        );
        await Until.TrueAsync(
            async () => (await RowsAsync(system, statements[1], Behind))[0] is var (one, other) && other - one > Rest,
            () => "The bridge rests with the projections.",
            Cancellation
        );

        Assert.Equal(2, statements.Length);
        Assert.Equal(["bridge", "gateway", "lookup", "projections"], there.Distinct());
        Assert.InRange(bridge, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(1));
        Assert.InRange(projections, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(1));

        Task<List<string>> PartsAsync() => RowsAsync(system, statements[0], row => row.GetString(0));
    }

    private static (TimeSpan Bridge, TimeSpan Projections) Behind(NpgsqlDataReader row) =>
        (row.GetTimeSpan(1), row.GetTimeSpan(2));

    private static string[] Statements()
    {
        var text = File.ReadAllText(Repository.Full("docs/operations.md"));
        var block = text.Split("```sql\n")[1].Split("```")[0];
        return block.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static async Task<List<TRow>> RowsAsync<TRow>(
        RunningSystem system,
        string sql,
        Func<NpgsqlDataReader, TRow> read
    )
    {
        await using var command = system.Store.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<TRow>();
        while (await reader.ReadAsync(Cancellation))
            rows.Add(read(reader));
        return rows;
    }
}
