using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Evidence.Storing;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Evidence;

/// <summary>
/// The connection is cut, or its gateway is killed, while evidence is written: a batch counts once or not at all.
/// </summary>
public sealed class EvidenceCutTests(PostgresFixture postgres)
{
    private const string Name = "evidence to be cut";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// The tables in the order in which a batch writes them. At each one a lock stops the batch, and its backend is
    /// terminated.
    /// </summary>
    [Fact]
    public async Task FlushAsync_CutAtAnyStatement_CountsOnceAndInWhole()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        var expected = await WholeAsync(database);
        foreach (
            var table in new[]
            {
                "evidence_flush",
                "evidence_scope",
                "evidence_count",
                "evidence_duration",
                "evidence_span",
                "evidence_key",
                "evidence_version",
                "evidence_example",
                "evidence_line",
            }
        )
        {
            await database.EmptyAsync();
            await using var data = Cut(database);
            using var writer = Writer(data);
            Fill(writer);

            Assert.False(await CutAsync(database, writer, table), table);
            var cut = await database.DumpAsync();
            Assert.True(await writer.FlushAsync(Cancellation), table);
            Assert.True(await writer.FlushAsync(Cancellation), table);

            Assert.Equal("", cut);
            Assert.Equal(expected, await database.DumpAsync());
        }
    }

    /// <summary>
    /// What a killed gateway hadn't written is lost. What another one writes afterwards is its own, and complete.
    /// </summary>
    [Fact]
    public async Task FlushAsync_GatewayKilledWhileItWrites_LeavesNothingHalfAndTheNextOneCountsItsOwn()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        await using (var data = Cut(database))
        {
            using var killed = Writer(data);
            Fill(killed);
            Assert.True(await killed.FlushAsync(Cancellation));
            Fill(killed);
            Assert.False(await CutAsync(database, killed, "evidence_version")); // and it never tries again
        }
        using var next = Writer(database.Data);
        next.Sample(Sampling.Scope, ["7"]);
        next.Add(Sampling.Of(Sampling.Part("7", Sampling.Quiet)));
        Assert.True(await next.FlushAsync(Cancellation));

        var found = await database.ReadAsync();
        Assert.Equal(
            (5, 5),
            (
                found.Count(CountNames.Requests, CountNames.Sampled),
                found.Count(CountNames.Requests, CountNames.Compared)
            )
        );
        Assert.Equal(5, found.Spans.Sum(span => span.Match + span.Wrong));
        Assert.Equal(
            (4, 4),
            (found.Row!.Keys, await database.ExecuteAsync("select count(*) from gateway.evidence_key"))
        );
        Assert.Equal(found.Row.Versions, await database.ExecuteAsync("select count(*) from gateway.evidence_version"));
        Assert.Equal(
            0,
            await database.ExecuteAsync(
                "select count(*) from gateway.evidence_line l where not exists (select from "
                    + "gateway.evidence_example e where e.id = l.example)"
            )
        );
    }

    private static async Task<string> WholeAsync(EvidenceDatabase database)
    {
        using var writer = Writer(database.Data);
        Fill(writer);
        Assert.True(await writer.FlushAsync(Cancellation));
        return await database.DumpAsync();
    }

    /// <returns>Whether the flush reported that everything was written.</returns>
    private static async Task<bool> CutAsync(EvidenceDatabase database, EvidenceWriter writer, string table)
    {
        await using var holding = await database.Data.OpenConnectionAsync(Cancellation);
        await using var held = await holding.BeginTransactionAsync(Cancellation);
        await using (var take = new NpgsqlCommand($"lock table gateway.{table} in exclusive mode", holding, held))
            await take.ExecuteNonQueryAsync(Cancellation);
        var flush = writer.FlushAsync(Cancellation);
        var began = TimeProvider.System.GetTimestamp();
        while (
            await database.ExecuteAsync(
                $"select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = '{Name}' "
                    + "and wait_event_type = 'Lock'"
            ) == 0
        )
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20),
                $"Nobody waits for {table}."
            );
            Assert.False(flush.IsCompleted, table);
        }
        var written = await flush;
        await held.RollbackAsync(Cancellation);
        return written;
    }

    private static void Fill(EvidenceWriter writer)
    {
        writer.Sample(Sampling.Scope, ["1", "2"]);
        writer.Drop(Sampling.Scope, DropReason.PerSecond);
        for (var key = 1; key <= 3; key++)
            writer.Sample(Sampling.Scope, [$"{key}"]);
        writer.Add(Sampling.Of(Sampling.Part("1", Sampling.Quiet)));
        writer.Add(Sampling.Of(Sampling.Part("2", new Verdict.Match(false, 1))));
        writer.Add(Sampling.Of(Sampling.Part("3", Sampling.Wrong("$.qty"))));
        writer.Add(Sampling.Of(Sampling.Part("3", Sampling.Wrong("$.lines[*].qty", "$.qty"))));
    }

    private static NpgsqlDataSource Cut(EvidenceDatabase database) =>
        NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { ApplicationName = Name }
        );

    private static EvidenceWriter Writer(NpgsqlDataSource data) =>
        new(
            new EvidenceStore(data, EvidenceLimits.Default),
            EvidenceLimits.Default,
            new FakeTimeProvider(Sampling.At),
            new Random(1),
            NullLogger<EvidenceWriter>.Instance
        );
}
