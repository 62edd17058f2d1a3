using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Strangler.Comparing.Verdicts;
using Strangler.Demo.Postgres;
using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Evidence.Reports;
using Strangler.Evidence.Storing;
using Strangler.Foundation.Store;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Evidence;

public sealed class EvidenceWriterTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FlushAsync_WhatCame_IsReadBack()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        using var writer = Writer(database.Data);
        writer.Sample(Sampling.Scope, ["7", "8"]);
        writer.Drop(Sampling.Scope, DropReason.Memory);
        writer.Add(Sampling.Of(Sampling.Part("7", Sampling.Wrong("$.qty"))));

        Assert.True(await writer.FlushAsync(Cancellation));

        var found = await database.ReadAsync();
        Assert.Equal(
            (1, 1, 1),
            (
                found.Count(CountNames.Requests, CountNames.Sampled),
                found.Count(CountNames.Dropped, "memory"),
                found.Count(CountNames.Verdict, CountNames.Wrong)
            )
        );
        Assert.Equal((2, 1, 0), (found.Row!.Keys, found.Row.KeysCompared, found.Row.KeysMatched));
        var example = Assert.Single(found.Examples);
        Assert.Equal(
            ("7", "projection", """{"qty":7}""", """{"qty":6}""", Sampling.At),
            (example.Key, example.Cause, example.Legacy!.Body, example.Lookup!.Body, example.At)
        );
        Assert.Equal([new LineRow("$.qty", "value", example.Id)], found.Lines);
        Assert.Equal(
            (example.Id, "availability"),
            (await new EvidenceQuery(database.Data).ExampleAsync(example.Id, Cancellation))!.Value is var (read, route)
                ? (read.Id, route)
                : default
        );
        Assert.Null(await new EvidenceQuery(database.Data).ExampleAsync("no\0ne", Cancellation));
    }

    /// <summary>What was compared after the lookup is evidence like any other, and also counted apart.</summary>
    [Fact]
    public async Task FlushAsync_WhatTheLookupHadAnswered_IsCountedWithTheRestAndApart()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        using var writer = Writer(database.Data);
        writer.Sample(Sampling.Scope, ["7"]);
        writer.Add(Sampling.Of(Sampling.Part("7", Sampling.Quiet)));
        foreach (var key in new[] { "7", "8", "9" })
            writer.Sample(Sampling.Scope, [key], Occasion.Recheck);
        writer.Drop(Sampling.Scope, DropReason.LegacyBudget, Occasion.Recheck);
        writer.Add(Sampling.Of(Sampling.Part("8", Sampling.Quiet)) with { Occasion = Occasion.Recheck });
        var wrong = Sampling.At.AddMinutes(1);
        writer.Add(
            Sampling.Of(Sampling.Part("9", Sampling.Wrong("$.qty")), wrong) with
            {
                Parts =
                [
                    Sampling.Part("9", Sampling.Wrong("$.qty")),
                    Sampling.Part("10", Sampling.Wrong("$.qty")),
                    Sampling.Part("11", Sampling.Quiet),
                ],
                Occasion = Occasion.Recheck,
            }
        );

        Assert.True(await writer.FlushAsync(Cancellation));

        var report = ReportBuilder.Of(
            "availability",
            "/",
            new RouteMoment(Stage.Lookup, null, null),
            await database.ReadAsync(),
            GateRules.Default,
            EvidenceLimits.Default,
            null,
            Sampling.At
        );
        Assert.Equal(new RecheckReport(3, 2, 1, 2, wrong, wrong, wrong), report.Recheck);
        Assert.Equal((4, 3, 1), (report.Requests.Sampled, report.Requests.Compared, report.Requests.Dropped));
        Assert.False(report.Gate.Ready);
    }

    [Fact]
    public async Task FlushAsync_StoreKilledAndBack_WritesAllOnce()
    {
        if (PostgresPrograms.Find() is not { } programs)
        {
            Assert.Skip("PostgreSQL's server programs are not on this machine.");
            return;
        }
        await using var server = await PostgresServer.StartAsync(programs, null, TimeProvider.System, Cancellation);
        await using var data = NpgsqlDataSource.Create(server.ConnectionString());
        await StoreMigration.MigrateAsync(data, [GatewaySchema.Value], Cancellation);
        using var writer = Writer(data, EvidenceLimits.Default with { Waiting = 12 });
        writer.Add(Sampling.Of(Sampling.Part("1", Sampling.Quiet)));
        await writer.FlushAsync(Cancellation);
        await server.StopAsync(immediate: true, Cancellation);

        writer.Add(Sampling.Of(Sampling.Part("2", Sampling.Quiet)));
        Assert.False(await writer.FlushAsync(Cancellation));
        for (var key = 10; key < 40; key++)
            writer.Add(Sampling.Of(Sampling.Part($"{key}", Sampling.Quiet)));
        Assert.False(await writer.FlushAsync(Cancellation));
        var lost = writer.Lost;
        File.Delete(server.LogFile); // starts over
        await server.StartAgainAsync(Cancellation);
        while (!await writer.FlushAsync(Cancellation))
            Assert.False(Cancellation.IsCancellationRequested);

        var found = await new EvidenceQuery(data).ReadAsync(Sampling.Scope, Cancellation);
        Assert.InRange(lost, 20, 29);
        Assert.Equal(32 - lost, found.Count(CountNames.Requests, CountNames.Compared));
        Assert.Equal((lost, lost), (writer.Lost, found.Count(CountNames.Lost, CountNames.Compared)));
    }

    [Fact]
    public async Task StopAsync_WithoutAFlush_WritesTheLastSecond()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        using var writer = Writer(database.Data);
        await writer.StartAsync(Cancellation);
        writer.Add(Sampling.Of(Sampling.Part("7", Sampling.Quiet)));

        await writer.StopAsync(Cancellation);

        Assert.Equal(1, (await database.ReadAsync()).Count(CountNames.Requests, CountNames.Compared));
    }

    [Fact]
    public async Task FlushAsync_TextThatPostgresHasNoWordFor_IsKeptWithoutIt()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        using var writer = Writer(database.Data);
        var key = "a\0b\ud800c" + new string('k', 5_000);
        writer.Sample(Sampling.Scope, [key]);
        var odd = new Verdict.Wrong(
            [new Difference(DifferenceKind.Missing, key, key, "\"\0\"", null)],
            WrongCause.Engine
        );
        writer.Add(
            Sampling.Of(
                Sampling.Part(key, odd) with
                {
                    Legacy = Sampling.Answer("{\"a\":\"\\u0000\0\"}"),
                    Lookup = new Answer(200, [new("X\0", "y\ud800")], new byte[] { 0xff, 0, 1 }),
                    Ignored = [new IgnoredDifference(key, key, 1)],
                    Noise = [key],
                }
            )
        );

        Assert.True(await writer.FlushAsync(Cancellation));

        var example = Assert.Single((await database.ReadAsync()).Examples);
        Assert.Equal(("/wAB", true, 3), (example.Lookup!.Body, example.Lookup.Base64, example.Lookup.Bytes));
        Assert.StartsWith("a\uFFFDb\uFFFDc", example.Key, StringComparison.Ordinal);
        Assert.Equal("missing", Assert.Single(example.Differences).Kind);
    }

    [Fact]
    public async Task Add_BodyAboveTheBound_IsCutBetweenCharacters()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        using var writer = Writer(database.Data, EvidenceLimits.Default with { BodyBytes = 4 });
        writer.Add(
            Sampling.Of(
                Sampling.Part("7", Sampling.Wrong("$.a")) with
                {
                    Legacy = Sampling.Answer("abcé"),
                    Lookup = Sampling.Answer("abcd"),
                }
            )
        );

        await writer.FlushAsync(Cancellation);

        var example = Assert.Single((await database.ReadAsync()).Examples);
        Assert.Equal(
            ("abc", true, 5, false),
            (example.Legacy!.Body, example.Legacy.Cut, example.Legacy.Bytes, example.Legacy.Base64)
        );
        Assert.Equal(("abcd", false), (example.Lookup!.Body, example.Lookup.Cut));
    }

    [Fact]
    public async Task FlushAsync_BatchThatTheStoreRefuses_IsLostAndTheNextIsWritten()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        using var writer = Writer(database.Data);
        await database.ExecuteAsync("alter table gateway.evidence_version rename to away");
        writer.Sample(Sampling.Scope, ["7"]);
        writer.Add(Sampling.Of(Sampling.Part("7", Sampling.Quiet)));
        for (var i = 0; i < 3; i++)
            Assert.False(await writer.FlushAsync(Cancellation));
        for (var i = 0; i < 3; i++)
            // the record of the loss is refused too, and not forgotten
            Assert.False(await writer.FlushAsync(Cancellation));
        await database.ExecuteAsync("alter table gateway.away rename to evidence_version");
        writer.Add(Sampling.Of(Sampling.Part("8", Sampling.Quiet)));

        Assert.True(await writer.FlushAsync(Cancellation));

        var found = await database.ReadAsync();
        Assert.Equal((2, 1), (writer.Lost, found.Row!.Keys));
        Assert.Equal(
            (1, 1, 0),
            (
                found.Count(CountNames.Lost, CountNames.Compared),
                found.Count(CountNames.Lost, CountNames.Sampled),
                found.Count(CountNames.Lost, CountNames.Dropped)
            )
        );
    }

    [Fact]
    public async Task Add_WithMaskingRules_LeavesNoMaskedValueInAnyColumn()
    {
        const string Canary = "canary-5f1c";
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        using var writer = Writer(database.Data);
        var rules = ComparisonRules.Exact with
        {
            Mask = [PathPattern.Parse("$.secret"), PathPattern.Parse("$.who[*].name")],
        };
        var (legacy, lookup) = (
            Sampling.Answer($$"""{"qty":7,"secret":"{{Canary}}","who":[{"name":"{{Canary}}1"}]}"""),
            Sampling.Answer($$"""{"qty":6,"secret":"{{Canary}}2","who":[{"name":"x"}]}""")
        );
        var compared = Comparer.Compare(legacy, lookup, rules);
        writer.Add(
            Sampling.Of(
                new PartVerdict(
                    "7",
                    Position.Parse("1:0/10:0"),
                    new Verdict.Wrong(compared.Differences, WrongCause.Projection),
                    compared.Ignored,
                    [],
                    Masked(legacy),
                    Masked(lookup),
                    Position.Parse("1:0/10:end"),
                    Sampling.At
                )
            )
        );

        await writer.FlushAsync(Cancellation);

        var dump = await database.DumpAsync();
        Assert.Contains("$.secret", dump, StringComparison.Ordinal);
        Assert.Contains("\\\"qty\\\":7", dump, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, dump, StringComparison.Ordinal);

        Answer Masked(Answer answer) => answer with { Body = BodyMasker.Apply(answer.Body, rules)!.Value };
    }

    private static EvidenceWriter Writer(NpgsqlDataSource data, EvidenceLimits? limits = null) =>
        new(
            new EvidenceStore(data, limits ?? EvidenceLimits.Default),
            limits ?? EvidenceLimits.Default,
            new FakeTimeProvider(Sampling.At),
            new Random(1),
            NullLogger<EvidenceWriter>.Instance
        );
}
