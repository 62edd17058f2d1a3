using Strangler.Comparing.Differences;
using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Evidence.Storing;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Evidence;

/// <summary>Evidence is bounded: what exceeds the bounds is counted together, and old evidence is removed.</summary>
public sealed class EvidenceBoundTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WriteAsync_MorePathsThanTheBound_AreCountedTogether()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        var limits = EvidenceLimits.Default with { Paths = 10 };
        for (var flush = 0; flush < 4; flush++)
        {
            var batch = new EvidenceBatch(limits);
            for (var i = 0; i < 8; i++)
            {
                var comparison = Sampling.Of(Sampling.Part("7", Sampling.Wrong($"$.f{(flush * 8) + i}")));
                batch.Add(comparison, Sampling.Examples(comparison, (ulong)((flush * 8) + i)));
            }
            await database.Store(limits).WriteAsync(batch, Cancellation);
        }

        var found = await database.ReadAsync();

        var lines = found.Counts.Where(count => count.What == CountNames.Difference).ToList();
        Assert.Equal(11, lines.Count);
        Assert.Equal((32, 22), (lines.Sum(line => line.N), lines.Single(line => line.Name == CountNames.More).N));
        Assert.Equal(10, found.Lines.Count);
        Assert.Equal(10, await database.ExecuteAsync("select count(*) from gateway.evidence_example"));
    }

    [Fact]
    public async Task WriteAsync_MoreHeadersThanTheBound_AreCountedTogether()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        var limits = EvidenceLimits.Default with { Paths = 10 };
        for (var flush = 0; flush < 4; flush++)
        {
            var batch = new EvidenceBatch(limits);
            for (var i = 0; i < 8; i++)
                batch.Add(
                    Sampling.Of(Sampling.Part("7", Sampling.Quiet)) with
                    {
                        Headers =
                        [
                            new($"x-{(flush * 8) + i}", HeaderDifferenceKind.Missing),
                            new("etag", HeaderDifferenceKind.Value),
                        ],
                    },
                    []
                );
            await database.Store(limits).WriteAsync(batch, Cancellation);
        }

        var summary = EvidenceAggregator.Of(await database.ReadAsync(), RouteMoment.Unknown, Sampling.At);

        Assert.Equal(
            (32, 10, 23),
            (
                summary.HeadersCompared,
                summary.HeadersMissing.Count,
                summary.HeadersMissing.Single(header => header.Name == CountNames.More).Count
            )
        );
        Assert.Equal([("etag", 32)], summary.HeadersUnlike.Select(header => (header.Name, (int)header.Count)));
    }

    [Fact]
    public async Task WriteAsync_MoreKeysThanTheBound_AreSaidNotKept()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        var limits = EvidenceLimits.Default with { Keys = 5, Versions = 3 };
        for (var flush = 0; flush < 3; flush++)
        {
            var batch = new EvidenceBatch(limits);
            for (var key = 0; key < 4; key++)
                batch.Add(Sampling.Of(Sampling.Part($"{flush}-{key}", Sampling.Quiet)), []);
            await database.Store(limits).WriteAsync(batch, Cancellation);
        }

        var row = (await database.ReadAsync()).Row!;

        Assert.Equal((5, 7, 3, 9), (row.Keys, row.KeysOver, row.Versions, row.VersionsOver));
        Assert.Equal(5, await database.ExecuteAsync("select count(*) from gateway.evidence_key"));
        Assert.Equal(3, await database.ExecuteAsync("select count(*) from gateway.evidence_version"));
    }

    [Fact]
    public async Task WriteAsync_ManyWrongOnOnePath_TheExampleThatAReportNamesStaysForTheNextQuarterOfADay()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        var (random, second) = (new Random(5), 0);
        var first = await WriteAsync(Sampling.At);
        for (var batch = 0; batch < 30; batch++)
        {
            await WriteAsync(Sampling.At.AddSeconds(++second));
            Assert.Equal(first, (await database.ReadAsync()).Lines[0].Example);
            Assert.Equal(first, (await database.ReadAsync()).Examples[0].Id);
        }
        var next = await WriteAsync(Sampling.At.AddHours(6));
        Assert.Equal(next, (await database.ReadAsync()).Lines[0].Example);
        for (var batch = 0; batch < 10; batch++)
            await WriteAsync(Sampling.At.AddHours(6).AddSeconds(++second));

        Assert.NotNull(await new EvidenceQuery(database.Data).ExampleAsync(first, Cancellation));
        Assert.Equal(next, (await database.ReadAsync()).Lines[0].Example);
        Assert.InRange(await database.ExecuteAsync("select count(*) from gateway.evidence_example"), 10, 14);

        async Task<string> WriteAsync(DateTimeOffset at)
        {
            var batch = new EvidenceBatch(EvidenceLimits.Default);
            var id = "";
            for (var i = 0; i < 20; i++)
            {
                var comparison = Sampling.Of(Sampling.Part("7", Sampling.Wrong("$.qty")), at.AddMilliseconds(i));
                var examples = Sampling.Examples(comparison, (ulong)random.NextInt64());
                if (i == 0)
                    id = examples[0].Report.Id;
                batch.Add(comparison, examples);
            }
            await database.Store().WriteAsync(batch, Cancellation);
            return id;
        }
    }

    [Fact]
    public async Task PruneAsync_AfterTheRetention_TakesDetailsAndNoCount()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        var batch = new EvidenceBatch(EvidenceLimits.Default);
        foreach (var call in Sampling.Mixed(new Random(3), 300))
            call(batch);
        // v2 is superseded by this
        batch.Add(Sampling.Of(Sampling.Part("new", Sampling.Quiet), Sampling.At.AddDays(40)), []);
        await database.Store().WriteAsync(batch, Cancellation);
        var before = await CountsAsync();
        var matched = await database.ExecuteAsync("select sum(matched)::bigint from gateway.evidence_span");

        await database.Store().PruneAsync(Sampling.At.AddDays(3), Cancellation);
        var hours = await database.ExecuteAsync(
            "select count(*) from gateway.evidence_span where seconds = 60 and at < '2026-11-26'"
        );
        var kept = await database.ExecuteAsync("select sum(matched)::bigint from gateway.evidence_span");
        await database.Store().PruneAsync(Sampling.At.AddDays(41), Cancellation);

        Assert.Equal((0, matched), (hours, kept));
        Assert.Equal(before, await CountsAsync());
        Assert.Equal(0, await database.ExecuteAsync("select count(*) from gateway.evidence_example"));
        Assert.Equal(1, await database.ExecuteAsync("select count(*) from gateway.evidence_span"));
        Assert.Equal(
            0,
            await database.ExecuteAsync(
                "select count(*) from gateway.evidence_key k join gateway.evidence_scope s on s.id = k.scope where "
                    + "s.version = 'v2'"
            )
        );
        Assert.NotEqual(
            0,
            await database.ExecuteAsync(
                "select count(*) from gateway.evidence_key k join gateway.evidence_scope s on s.id = k.scope where "
                    + "s.version = 'v1'"
            )
        );
        Assert.Null((await database.ReadAsync(Sampling.Scope with { Version = "v2" })).Row); // starts over

        async Task<string> CountsAsync() =>
            string.Join(
                '\n',
                (await database.DumpAsync())
                    .Split('\n')
                    .Where(line =>
                        line.StartsWith("evidence_count", StringComparison.Ordinal)
                        || line.StartsWith("evidence_duration", StringComparison.Ordinal)
                    )
            );
    }

    [Fact]
    public async Task PruneAsync_MoreExamplesThanTheBound_KeepsTheNewest()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        var limits = EvidenceLimits.Default with { Examples = 3 };
        var batch = new EvidenceBatch(limits);
        for (var i = 0; i < 9; i++)
        {
            var comparison = Sampling.Of(Sampling.Part("7", Sampling.Wrong($"$.f{i}")), Sampling.At.AddSeconds(i));
            batch.Add(comparison, Sampling.Examples(comparison, (ulong)i));
        }
        await database.Store(limits).WriteAsync(batch, Cancellation);

        await database.Store(limits).PruneAsync(Sampling.At.AddHours(1), Cancellation);

        var found = await database.ReadAsync();
        Assert.Equal([8, 7, 6], found.Examples.Select(example => (int)(example.At - Sampling.At).TotalSeconds));
        Assert.Equal(9, found.Counts.Count(count => count.What == CountNames.Difference));
    }
}
