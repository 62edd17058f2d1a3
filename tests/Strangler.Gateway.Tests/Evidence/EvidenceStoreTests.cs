using Strangler.ChangeLog;
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
                    await database.Store().WriteAsync(batch, Cancellation); // as after a lost answer
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
            select count(*)
            from gateway.evidence_scope s
            where (
                keys, keys_compared, keys_matched, keys_existing, named, covered, keys_once,
                versions, versions_matched, versions_existing, versions_wrong
            ) is distinct from (
                (select count(*) from gateway.evidence_key k where k.scope = s.id),
                (select count(*) from gateway.evidence_key k where k.scope = s.id and compared > 0),
                (select count(*) from gateway.evidence_key k where k.scope = s.id and matched > 0),
                (select count(*) from gateway.evidence_key k where k.scope = s.id and existing > 0),
                (select sum(sampled) from gateway.evidence_key k where k.scope = s.id),
                (select sum(sampled) from gateway.evidence_key k where k.scope = s.id and matched > 0),
                (select count(*) from gateway.evidence_key k where k.scope = s.id and sampled = 1),
                (select count(*) from gateway.evidence_version v where v.scope = s.id),
                (select count(*) from gateway.evidence_version v where v.scope = s.id and ended in (1, 5)),
                (select count(*) from gateway.evidence_version v where v.scope = s.id and ended = 5),
                (select count(*) from gateway.evidence_version v where v.scope = s.id and ended in (2, 3, 6, 7))
            )
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

    /// <summary>A key counts with all its requests from its first match on, whichever came first.</summary>
    [Fact]
    public async Task WriteAsync_KeysNamedAndMatchedInAnyOrder_AreCovered()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        (string Key, bool IsMatch)[] calls =
        [
            ("1", false),
            ("1", false),
            ("2", true),
            ("1", true),
            ("2", false),
            ("3", false),
            ("1", false),
            ("1", true),
        ];
        var figures = new List<(long, long, long)>();
        foreach (var (key, isMatch) in calls)
        {
            var batch = new EvidenceBatch(EvidenceLimits.Default);
            if (isMatch)
                batch.Add(Sampling.Of(Sampling.Part(key, Sampling.Quiet)), []);
            else
                batch.Sample(Sampling.Scope, Sampling.At, [key]);
            await database.Store().WriteAsync(batch, Cancellation);
            var row = (await database.ReadAsync()).Row!;
            figures.Add((row.Named, row.Covered, row.KeysOnce));
        }

        Assert.Equal([(1, 0, 1), (2, 0, 0), (2, 0, 0), (2, 2, 0), (3, 3, 1), (4, 3, 2), (5, 4, 2), (5, 4, 2)], figures);
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
        PartVerdict[] parts =
        [
            Sampling.Absent("1"),
            Sampling.Absent("2", null),
            Sampling.Part("3", Sampling.Quiet),
            Sampling.Part("4", Sampling.Quiet, null),
            Sampling.Absent("5"), // 5 exists only later
            Sampling.Part(null, Sampling.Quiet) with
            {
                Together = [("6", Position.Parse("1:0/10:0")), ("7", Position.Parse("1:0/10:0"))],
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
        var (row, summary) = (found.Row!, EvidenceAggregator.Of(found, RouteMoment.Unknown, Sampling.At));
        var report = ReportBuilder.Of(
            "availability",
            "/",
            new RouteMoment(Stage.Shadow, null, null),
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

        Assert.Equal(new UnprovenTotal(1, 5), unproven.Unproven);
        Assert.Equal(
            ("7", 5, 5, "undetermined: noise"),
            unproven.UnprovenKeys.Select(key => (key.Key, key.Requests, key.Compared, key.Last)).Single()
        );
        Assert.Equal(new UnprovenTotal(0, 0), (await database.ReadAsync()).Unproven);

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
                Together = [.. keys.Select(key => (key, Position.Parse("1:0/10:0")))],
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
}
