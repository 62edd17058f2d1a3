using Microsoft.Extensions.Time.Testing;
using Strangler.Projections.Configuration;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

/// <summary>
/// A row that its type can't hold quarantines the keys that reach it, and they return when it is fixed, without a
/// start.
/// </summary>
public sealed class UnreadableRowTests(PostgresFixture postgres)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task StepAsync_RandomRowsThatCannotBeRead_ServesEveryOtherKeyExactlyAndNeverThose()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        foreach (var seed in Enumerable.Range(1, 6))
        {
            await store.ResetAsync();
            await using var source = new SourceLog(_time);
            var random = new Random(seed);
            // The source's content, as a simple model.
            var lines = Enumerable.Range(0, 5).ToDictionary(n => $"l{n}", n => (Amount: "1.5", Customer: $"{n % 3}"));
            var customers = Enumerable
                .Range(0, 3)
                .ToDictionary(n => $"{n}", n => (Since: "2026-01-01Z", Region: $"r{n % 2}"));
            var regions = Enumerable.Range(0, 2).ToDictionary(n => $"r{n}", _ => "0.2");
            await source.SnapshotAsync(
                (
                    Orders.LineSchema,
                    [.. lines.Select(one => Orders.LineRow(one.Key, one.Value.Amount, one.Value.Customer))]
                ),
                (
                    Orders.CustomerSchema,
                    [.. customers.Select(one => Orders.CustomerRow(one.Key, one.Value.Since, one.Value.Region))]
                ),
                (Orders.RegionSchema, [.. regions.Select(one => Orders.RegionRow(one.Key, one.Value))])
            );
            using var applier = await store.OpenAsync(source.Log, _time, [Orders.Model()]);
            await TestStore.CatchUpAsync(applier);
            for (var step = 0; step < 25; step++)
            {
                var events = new List<Event>();
                for (var change = random.Next(1, 4); change > 0; change--)
                    events.Add(Change(random, lines, customers, regions));
                await source.CommitAsync([.. events]);

                await TestStore.CatchUpAsync(applier);

                Assert.Equal(
                    Served(lines, customers, regions),
                    (await store.DocumentsAsync("Orders"))
                        .OrderBy(one => one.Key)
                        .Select(one => $"{one.Key} {one.Value}")
                );
                Assert.Equal(
                    1,
                    await store.ScalarAsync<long>("select count(*) from projections.build where state = 'live'")
                );
            }
        }
    }

    private static Event Change(
        Random random,
        Dictionary<string, (string Amount, string Customer)> lines,
        Dictionary<string, (string Since, string Region)> customers,
        Dictionary<string, string> regions
    )
    {
        switch (random.Next(4))
        {
            case 0:
                var line = $"l{random.Next(5)}";
                lines[line] = (Pick(random, "1.5", "2.5", "NaN"), Pick(random, "0", "1", "2", "NaN"));
                return SourceLog.Update(
                    Orders.LineSchema,
                    Orders.LineRow(line, "", "").Key,
                    Orders.LineRow(line, lines[line].Amount, lines[line].Customer).Row
                );
            case 1:
                var region = $"r{random.Next(2)}";
                regions[region] = Pick(random, "0.1", "0.2", "0.3", "1234567890123456789012345678901234567890");
                return SourceLog.Update(
                    Orders.RegionSchema,
                    Orders.RegionRow(region, "").Key,
                    Orders.RegionRow(region, regions[region]).Row
                );
            default:
                var customer = $"{random.Next(3)}";
                customers[customer] = (
                    Pick(random, "2026-01-01Z", "2026-02-02Z", "infinity"),
                    Pick(random, "r0", "r1")
                );
                return SourceLog.Update(
                    Orders.CustomerSchema,
                    Orders.CustomerRow(customer, "", "").Key,
                    Orders.CustomerRow(customer, customers[customer].Since, customers[customer].Region).Row
                );
        }
    }

    private static string Pick(Random random, params string[] texts) => texts[random.Next(texts.Length)];

    private static IEnumerable<string> Served(
        Dictionary<string, (string Amount, string Customer)> lines,
        Dictionary<string, (string Since, string Region)> customers,
        Dictionary<string, string> regions
    ) =>
        from line in lines.OrderBy(one => one.Key)
        where line.Value.Amount != "NaN" && line.Value.Customer != "NaN"
        let customer = customers[line.Value.Customer]
        where customer.Since != "infinity" && regions[customer.Region].Length < 10
        let text = $"{line.Value.Amount} {customer.Since[..10]} {regions[customer.Region]}"
        select $$"""{{line.Key}} {"text":"{{text}}"}""";

    /// <summary>
    /// Bytes that aren't text arrive as a text that a user can also enter: the log's header distinguishes them.
    /// </summary>
    [Fact]
    public async Task StepAsync_BytesThatAreNoText_QuarantineTheirKeyAndNotThatOfTheSameText()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, []));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model()]);
        const string Text = "\"\\\\xe9\"";
        var (bytes, typed) = (Stocks.Row("bytes", 1, Text), Stocks.Row("typed", 2, Text));
        await source.CommitAsync(
            SourceLog.Undecoded(SourceLog.Insert(Stocks.Schema, bytes.Key, bytes.Row), """["note"]"""),
            SourceLog.Insert(Stocks.Schema, typed.Key, typed.Row)
        );

        await TestStore.CatchUpAsync(applier);

        Assert.Equal(["typed"], (await store.DocumentsAsync("Stocks")).Keys);
    }

    [Fact]
    public async Task StepAsync_ValueByWhichRowsAreFoundCannotBeRead_StopsTheProjectionUntilItIsMended()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync(
            (Orders.LineSchema, [Orders.LineRow("a", "1", "1")]),
            (
                Orders.CustomerSchema,
                [Orders.CustomerRow("1", "2026-01-01Z", "r"), Orders.CustomerRow("NaN", "2026-01-01Z", "r")]
            ),
            (Orders.RegionSchema, [])
        );
        using var applier = await store.OpenAsync(source.Log, _time, [Orders.Model(), Stocks.Model()]);
        await TestStore.CatchUpAsync(applier);
        var problem = await store.ScalarAsync<string>(
            "select problem from projections.build where projection = 'Orders' and state = 'stopped'"
        );
        using var again = await store.OpenAsync(source.Log, _time, [Orders.Model(), Stocks.Model()]);
        await TestStore.CatchUpAsync(again);
        var stopped = await store.DocumentsAsync("Orders");
        await source.CommitAsync(
            SourceLog.Update(Orders.LineSchema, Orders.LineRow("a", "", "").Key, Orders.LineRow("a", "2", "1").Row)
        );
        var still = await again.StepAsync(TestContext.Current.CancellationToken);
        await source.CommitAsync(
            SourceLog.ChangeKey(
                Orders.CustomerSchema,
                Orders.CustomerRow("NaN", "", "").Key,
                Orders.CustomerRow("3", "", "").Key,
                Orders.CustomerRow("3", "2026-01-01Z", "r").Row
            )
        );

        var repaired = await again.StepAsync(TestContext.Current.CancellationToken);
        using var last = await store.OpenAsync(source.Log, _time, [Orders.Model(), Stocks.Model()]);
        await TestStore.CatchUpAsync(last);

        Assert.Contains(
            "The row {\"number\":\"NaN\"} of public.customer could not be read",
            problem,
            StringComparison.Ordinal
        );
        Assert.Contains("'number' holds 'NaN'", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("2026-01-01", problem, StringComparison.Ordinal); // the row's other values
        Assert.Empty(stopped);
        Assert.Equal((false, true), (still.Returns, repaired.Returns));
        Assert.Equal(["""{"text":"2 2026-01-01 "}"""], (await store.DocumentsAsync("Orders")).Values);
    }

    [Fact]
    public async Task StepAsync_RowThatTooManyKeysReach_StopsTheProjectionUntilItIsMended()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync(
            (Orders.LineSchema, [.. Enumerable.Range(0, 4).Select(n => Orders.LineRow($"l{n}", "1", "1"))]),
            (Orders.CustomerSchema, [Orders.CustomerRow("1", "infinity", "r")]),
            (Orders.RegionSchema, [])
        );
        var options = new ApplierOptions { MaxQuarantined = 3 };
        using var applier = await store.OpenAsync(source.Log, _time, [Orders.Model()], options);
        await TestStore.CatchUpAsync(applier);
        var stopped = await store.ScalarAsync<long>("select count(*) from projections.build where state = 'stopped'");
        await source.CommitAsync(
            SourceLog.Update(
                Orders.CustomerSchema,
                Orders.CustomerRow("1", "", "").Key,
                Orders.CustomerRow("1", "2026-01-01Z", "r").Row
            )
        );

        var repaired = await applier.StepAsync(TestContext.Current.CancellationToken);
        using var last = await store.OpenAsync(source.Log, _time, [Orders.Model()], options);
        await TestStore.CatchUpAsync(last);

        Assert.Equal(1, stopped);
        Assert.True(repaired.Returns);
        Assert.Equal(["l0", "l1", "l2", "l3"], (await store.DocumentsAsync("Orders")).Keys.Order());
    }

    [Fact]
    public async Task StepAsync_ValuesThatJoinAndAreTooLongForAnIndex_JoinExactly()
    {
        var (one, other) = (new string('x', 5_000), new string('x', 4_999) + "y");
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync(
            (
                Orders.LineSchema,
                [Orders.LineRow("a", "1", "1"), Orders.LineRow("b", "1", "2"), Orders.LineRow(one, "1", "1")]
            ),
            (
                Orders.CustomerSchema,
                [Orders.CustomerRow("1", "2026-01-01Z", one), Orders.CustomerRow("2", "2026-01-01Z", other)]
            ),
            (
                Orders.RegionSchema,
                [
                    ("""{"name":"1"}""", $$"""{"name":"{{one}}","tax":"0.1"}"""),
                    ("""{"name":"2"}""", $$"""{"name":"{{other}}","tax":"0.2"}"""),
                ]
            )
        );
        using var applier = await store.OpenAsync(source.Log, _time, [Orders.Model()]);

        await TestStore.CatchUpAsync(applier);

        // The key that is too long has no document, so legacy answers requests for it.
        Assert.Equal(
            ["""{"text":"1 2026-01-01 0.1"}""", """{"text":"1 2026-01-01 0.2"}"""],
            (await store.DocumentsAsync("Orders")).OrderBy(document => document.Key).Select(document => document.Value)
        );
        Assert.Null(Orders.Model().Canonical(one));
        Assert.Equal("a", Orders.Model().Canonical("a"));
    }
}
