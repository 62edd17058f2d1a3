using Strangler.Comparing.Differences;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Evidence.Storing;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Evidence;

public sealed class EvidenceStoreTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WriteAsync_AnyOrderSplitOverGatewaysAndSentTwice_GivesTheSameEvidence()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        for (var seed = 1; seed <= 4; seed++)
        {
            var random = new Random(seed);
            var calls = Sampling.Mixed(random, 250);
            await database.EmptyAsync();
            var whole = new EvidenceBatch(EvidenceLimits.Default);
            foreach (var call in calls)
                call(whole);
            await database.Store().WriteAsync(whole, Cancellation);
            var expected = await database.DumpAsync();

            await database.EmptyAsync();
            var shuffled = calls.ToArray();
            random.Shuffle(shuffled);
            var batches = shuffled
                .Chunk(30)
                .Select(chunk =>
                {
                    var batch = new EvidenceBatch(EvidenceLimits.Default);
                    foreach (var call in chunk)
                        call(batch);
                    return batch;
                })
                .ToList();
            await Task.WhenAll(
                batches.Select(async batch =>
                {
                    await database.Store().WriteAsync(batch, Cancellation);
                    await database.Store().WriteAsync(batch, Cancellation); // as after an answer that was lost
                })
            );

            Assert.Equal(expected, await database.DumpAsync());
        }
    }

    [Fact]
    public async Task WriteAsync_ScopesOwnFigures_AreWhatCountingRowsGives()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        foreach (var chunk in Sampling.Mixed(new Random(7), 300).Chunk(25))
        {
            var batch = new EvidenceBatch(EvidenceLimits.Default);
            foreach (var call in chunk)
                call(batch);
            await database.Store().WriteAsync(batch, Cancellation);
        }

        var differing = await database.ExecuteAsync(
            """
            select count(*) from gateway.evidence_scope s
            where (keys, keys_compared, keys_matched, keys_existing, versions, versions_matched, versions_existing, versions_wrong) is distinct from (
                (select count(*) from gateway.evidence_key k where k.scope = s.id), (select count(*) from gateway.evidence_key k where k.scope = s.id and compared > 0), (select count(*) from gateway.evidence_key k where k.scope = s.id and matched > 0),
                (select count(*) from gateway.evidence_key k where k.scope = s.id and existing > 0), (select count(*) from gateway.evidence_version v where v.scope = s.id),
                (select count(*) from gateway.evidence_version v where v.scope = s.id and ended in (1, 5)), (select count(*) from gateway.evidence_version v where v.scope = s.id and ended = 5),
                (select count(*) from gateway.evidence_version v where v.scope = s.id and ended in (2, 3, 6, 7)))
            """
        );

        Assert.Equal(0, differing);
        Assert.Equal(
            2,
            await database.ExecuteAsync(
                "select count(*) from gateway.evidence_scope where versions_wrong > 0 and versions_matched > "
                    + "versions_existing and versions_existing > 0"
            )
        );
        Assert.Equal(
            0,
            await database.ExecuteAsync(
                "select count(*) from gateway.evidence_key where (key is null) <> (matched > 0)"
            )
        );
    }

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

        var lines = found.Counts.Where(count => count.What == Counts.Difference).ToList();
        Assert.Equal(11, lines.Count);
        Assert.Equal((32, 22), (lines.Sum(line => line.N), lines.Single(line => line.Name == Counts.More).N));
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

        var summary = Summing.Of(await database.ReadAsync(), Sampling.At);

        Assert.Equal(
            (32, 10, 23),
            (
                summary.HeadersCompared,
                summary.HeadersMissing.Count,
                summary.HeadersMissing.Single(header => header.Name == Counts.More).Count
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
    public async Task WriteAsync_VersionThatMatchedAndWasWrong_IsWrong()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        foreach (var verdict in new[] { Sampling.Quiet, Sampling.Wrong("$.qty"), Sampling.Quiet })
        {
            var batch = new EvidenceBatch(EvidenceLimits.Default);
            var comparison = Sampling.Of(Sampling.Part("7", verdict));
            batch.Add(comparison, Sampling.Examples(comparison, 1));
            await database.Store().WriteAsync(batch, Cancellation);
        }

        var row = (await database.ReadAsync()).Row!;

        Assert.Equal((1, 0, 1), (row.Versions, row.VersionsMatched, row.VersionsWrong));
    }

    [Fact]
    public async Task WriteAsync_MatchesOfKeysThatNeitherSideKnows_AreCountedApart()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        Judged[] parts =
        [
            Sampling.Absent("1"),
            Sampling.Absent("2", null),
            Sampling.Part("3", Sampling.Quiet),
            Sampling.Part("4", Sampling.Quiet, null),
            Sampling.Absent("5"), // 5 is there only later
            Sampling.Part(null, Sampling.Quiet) with
            {
                Together = [("6", "1:0/10:0"), ("7", "1:0/10:0")],
                Existing = ["7"],
            },
            Sampling.Part("5", Sampling.Quiet, "1:0/20:0"),
            Sampling.Absent("3", "1:0/20:0"),
        ];
        foreach (var part in parts)
        {
            var batch = new EvidenceBatch(EvidenceLimits.Default);
            batch.Add(Sampling.Of(part) with { Keys = part.Unit is { } key ? [key] : ["6", "7"] }, []);
            await database.Store().WriteAsync(batch, Cancellation);
        }

        var found = await database.ReadAsync();
        var (row, summary) = (found.Row!, Summing.Of(found, Sampling.At));
        var report = ReportMaking.Of(
            "availability",
            "/",
            Stage.Shadow,
            null,
            found,
            GateRules.Default,
            EvidenceLimits.Default,
            10,
            Sampling.At
        );

        Assert.Equal((7, 4), (row.KeysMatched, row.KeysExisting));
        Assert.Equal((7, 3), (row.VersionsMatched, row.VersionsExisting)); // those of 3, 5 and 7
        Assert.Equal((3, 4, 3), (summary.Matches, summary.Keys, summary.AbsentKeys));
        // of ten, four were named
        Assert.Equal((7, 4, 3, 6), (report.Keys.Matched, report.Keys.Existing, report.Keys.Absent, report.Keys.Unseen));
        Assert.Equal((3, 3), (report.Versions.Existing, report.Bound.Distinct));
    }

    [Fact]
    public async Task WriteAsync_KeyComparedFiveTimesWithoutAMatch_IsUnprovenUntilItMatches()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        await WriteAsync(4);
        Assert.Equal(0, (await database.ReadAsync()).Unproven.Keys);
        await WriteAsync(1);
        var unproven = await database.ReadAsync();
        var matching = new EvidenceBatch(EvidenceLimits.Default);
        matching.Add(Sampling.Of(Sampling.Part("7", Sampling.Quiet)), []);
        await database.Store().WriteAsync(matching, Cancellation);

        Assert.Equal((1, 5), unproven.Unproven);
        Assert.Equal(
            ("7", 5, 5, "undetermined: noise"),
            unproven.UnprovenKeys.Select(key => (key.Key, key.Requests, key.Compared, key.Last)).Single()
        );
        Assert.Equal((0, 0), (await database.ReadAsync()).Unproven);

        async Task WriteAsync(int times)
        {
            var batch = new EvidenceBatch(EvidenceLimits.Default);
            for (var i = 0; i < times; i++)
            {
                batch.Sample(Sampling.Scope, Sampling.At, ["7"]);
                batch.Add(Sampling.Of(Sampling.Part("7", new Verdict.Undetermined(Doubt.Noise, ""))), []);
            }
            await database.Store().WriteAsync(batch, Cancellation);
        }
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

        Assert.NotNull(await new EvidenceReading(database.Data).ExampleAsync(first, Cancellation));
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
    public async Task WriteAsync_AnswersOfSeveralKeysThatAreNotTakenApart_CountForEachKey()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        var batch = new EvidenceBatch(EvidenceLimits.Default);
        string[][] requests =
        [
            ["1", "2", "3"],
            ["2", "3", "4"],
            ["4", "9"],
        ]; // the last is never a match
        foreach (var keys in requests)
        {
            batch.Sample(Sampling.Scope, Sampling.At, keys);
            var part = Sampling.Part(null, keys[^1] == "9" ? Verdict.Torn.Value : Sampling.Quiet) with
            {
                Together = [.. keys.Select(key => (key, "1:0/10:0"))],
            };
            batch.Add(Sampling.Of(part) with { Keys = keys }, []);
        }
        await database.Store().WriteAsync(batch, Cancellation);

        var row = (await database.ReadAsync()).Row!;

        Assert.Equal((5, 5, 4), (row.Keys, row.KeysCompared, row.KeysMatched));
        Assert.Equal((4, 0), (row.VersionsMatched, row.VersionsWrong));
    }

    [Fact]
    public async Task WriteAsync_PartsAndTheirFrame_CountNoKeyTwice()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        var batch = new EvidenceBatch(EvidenceLimits.Default);
        batch.Add(
            Sampling.Of(Sampling.Part("1", Sampling.Quiet)) with
            {
                Keys = ["1", "2"],
                Parts =
                [
                    Sampling.Part("1", Sampling.Quiet),
                    Sampling.Part("2", Verdict.Torn.Value),
                    Sampling.Part(null, Sampling.Quiet),
                ],
            },
            []
        );
        await database.Store().WriteAsync(batch, Cancellation);

        var row = (await database.ReadAsync()).Row!;

        Assert.Equal((2, 1), (row.KeysCompared, row.KeysMatched));
        Assert.Equal(2, await database.ExecuteAsync("select sum(compared)::bigint from gateway.evidence_key"));
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
        Assert.Null((await database.ReadAsync(Sampling.Scope with { Version = "v2" })).Row); // begins anew

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
        Assert.Equal(9, found.Counts.Count(count => count.What == Counts.Difference));
    }
}
