using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Evidence.Storing;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Evidence;

/// <summary>What a gate makes of requests for which the projection asks legacy.</summary>
public sealed class AskLegacyEvidenceTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Summary_ProjectionAsksLegacy_IsNeitherCoveredNorUnprovenNorUnclear()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        var batch = new EvidenceBatch(EvidenceLimits.Default);
        for (var times = 0; times < 20; times++)
        {
            batch.Sample(Sampling.Scope, Sampling.At, ["asks"]);
            batch.Sample(Sampling.Scope, Sampling.At, ["known"]);
            Add("asks", new Verdict.Undetermined(Doubt.AskLegacy, "unsure"), "unsure");
            Add("known", Sampling.Quiet, null);
        }
        batch.Sample(Sampling.Scope, Sampling.At, ["late"]);
        Add("late", new Verdict.Undetermined(Doubt.WatermarkLate, ""), null);
        await database.Store().WriteAsync(batch, Cancellation);

        var found = await database.ReadAsync();
        var summary = EvidenceAggregator.Of(found, RouteMoment.Unknown, Sampling.At);

        Assert.Equal((41L, 20L), (summary.Named, summary.Covered));
        Assert.Equal((21L, 1L), (summary.Parts, summary.Unclear));
        Assert.Equal((0L, 0L), (summary.Unproven, summary.Wrong));
        Assert.Equal(1, summary.Keys);
        Assert.Equal(20, found.Count(CountNames.AskLegacy, "unsure"));

        void Add(string key, Verdict verdict, string? reason) =>
            batch.Add(
                Sampling.Of(Sampling.Part(key, verdict)) with
                {
                    LegacyReason = reason,
                    LookupMiss = reason is null ? null : "ask-legacy",
                },
                []
            );
    }

    [Fact]
    public async Task WriteAsync_MoreReasonsThanAreToldApart_CountTogether()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        for (var number = 0; number < 5; number++)
        {
            var batch = new EvidenceBatch(EvidenceLimits.Default);
            batch.Add(
                Sampling.Of(Sampling.Part("7", new Verdict.Undetermined(Doubt.AskLegacy, ""))) with
                {
                    LegacyReason = $"reason {number}",
                },
                []
            );
            await database.Store(new EvidenceLimits { Paths = 2 }).WriteAsync(batch, Cancellation);
        }

        var found = await database.ReadAsync();

        Assert.Equal(
            [("(more)", 3L), ("reason 0", 1L), ("reason 1", 1L)],
            found
                .Counts.Where(count => count.What == CountNames.AskLegacy)
                .Select(count => (count.Name, count.N))
                .OrderBy(count => count.Name, StringComparer.Ordinal)
        );
    }
}
