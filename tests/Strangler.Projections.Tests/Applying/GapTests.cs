using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;
using Strangler.Projections.Applying;
using Strangler.Projections.Moments;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

/// <summary>
/// Projections that were down for longer than the log's retention, or whose log was replaced: each case has a message,
/// and a new snapshot fixes it.
/// </summary>
public sealed class GapTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
    private readonly PostgresFixture _postgres;
    private readonly InMemoryChangeLog _log;
    private readonly SourceLog _source;

    public GapTests(PostgresFixture postgres)
    {
        _postgres = postgres;
        _log = new InMemoryChangeLog(_time, new EmbeddedLogOptions { SegmentAge = TimeSpan.FromMinutes(1) });
        _source = new SourceLog(_time, _log);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StepAsync_WhatFollowedWasDroppedAndASnapshotStandsBehind_GoesOnWithItAndSaysSo(bool running)
    {
        await using var store = await TestStore.CreateAsync(_postgres);
        var said = new SaidLogger();
        var first = await FilledAsync(store, said);
        await PassAndDropAsync();
        await _source.NewEpochAsync((Stocks.Schema, [Stocks.Row("a", 1), Stocks.Row("b", 7), Stocks.Row("d", 4)]));
        var end = await _source.CommitAsync(
            SourceLog.Update(Stocks.Schema, Stocks.Row("d", 5).Key, Stocks.Row("d", 5).Row)
        );
        if (!running)
            first.Dispose();

        using var applier = running ? first : await OpenAsync(store, said);
        await TestStore.CatchUpAsync(applier);

        Assert.Equal(end, applier.Checkpoint.Position);
        var documents = await store.DocumentsAsync("Stocks");
        Assert.Equal(
            [
                """{"sku":"a","quantity":1,"note":null}""",
                """{"sku":"b","quantity":7,"note":null}""",
                """{"sku":"d","quantity":5,"note":null}""",
            ],
            documents.OrderBy(one => one.Key).Select(one => one.Value)
        );
        Assert.Single(said.Lines, line => line.Contains("continue with the snapshot after", StringComparison.Ordinal));
        // The projection of a table that the snapshot doesn't contain has stopped, instead of continuing with the
        // table's former rows.
        Assert.Contains(
            "knows nothing of public.offer",
            await store.ScalarAsync<string>("select problem from projections.build where projection = 'Offers'"),
            StringComparison.Ordinal
        );
        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            new MomentReader(store.Store, SourceLog.Source).RowsAsOfAsync(
                applier.Projections[0],
                ["a"],
                Position.EndOf(1, new Lsn(ulong.MaxValue)),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Contains("no longer known", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StepAsync_WhatFollowedWasDroppedAndNoSnapshotStandsBehind_NamesTheCommandThatMendsIt()
    {
        await using var store = await TestStore.CreateAsync(_postgres);
        (await FilledAsync(store)).Dispose();
        await PassAndDropAsync();
        using (var stuck = await OpenAsync(store))
        {
            var fault = await Assert.ThrowsAsync<FaultException>(() =>
                stuck.StepAsync(TestContext.Current.CancellationToken)
            );
            Assert.Contains("retention has dropped", fault.Message, StringComparison.Ordinal);
            Assert.Contains("'strangler bridge --resnapshot'", fault.Message, StringComparison.Ordinal);
        }
        await _source.NewEpochAsync((Stocks.Schema, [Stocks.Row("z", 1)]), (Offers.Schema, []));

        using var applier = await OpenAsync(store);
        await TestStore.CatchUpAsync(applier);

        Assert.Equal(["z"], (await store.DocumentsAsync("Stocks")).Keys);
        Assert.Empty(await store.DocumentsAsync("Offers"));
    }

    [Fact]
    public async Task StepAsync_FirstStartOnALogThatHoldsALaterSnapshotOnly_BeginsWithIt()
    {
        await using var store = await TestStore.CreateAsync(_postgres);
        await _source.SnapshotAsync((Stocks.Schema, [Stocks.Row("old", 1)]));
        await PassAndDropAsync();
        await _source.NewEpochAsync((Stocks.Schema, [Stocks.Row("z", 1)]), (Offers.Schema, []));

        using var applier = await OpenAsync(store);
        await TestStore.CatchUpAsync(applier);

        Assert.Equal(["z"], (await store.DocumentsAsync("Stocks")).Keys);
    }

    [Fact]
    public async Task StepAsync_LogEndsBeforeTheCheckpoint_SaysSo()
    {
        await using var store = await TestStore.CreateAsync(_postgres);
        (await FilledAsync(store)).Dispose();
        await using var other = new SourceLog(_time);
        await other.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1)]));

        using var onOther = await OpenAsync(store, log: other.Log);
        var restored = await Assert.ThrowsAsync<FaultException>(() =>
            onOther.StepAsync(TestContext.Current.CancellationToken)
        );
        using var onNone = await OpenAsync(store, log: new InMemoryChangeLog(_time));
        var emptied = await Assert.ThrowsAsync<FaultException>(() =>
            onNone.StepAsync(TestContext.Current.CancellationToken)
        );

        Assert.Contains("ends at", restored.Message, StringComparison.Ordinal);
        Assert.Contains("'strangler bridge --resnapshot'", restored.Message, StringComparison.Ordinal);
        Assert.Contains("holds nothing of it", emptied.Message, StringComparison.Ordinal);
        Assert.Contains("strangler migrate", emptied.Message, StringComparison.Ordinal);
    }

    private Task<Applier> OpenAsync(TestStore store, SaidLogger? said = null, IChangeLog? log = null) =>
        store.OpenAsync(log ?? _log, _time, [Stocks.Model(), Offers.Model()], logger: said);

    private async Task<Applier> FilledAsync(TestStore store, SaidLogger? said = null)
    {
        await _source.SnapshotAsync(
            (Stocks.Schema, [Stocks.Row("a", 1), Stocks.Row("b", 2), Stocks.Row("c", 3)]),
            (Offers.Schema, [Offers.Row("a", _time.GetUtcNow().AddDays(9))])
        );
        await _source.CommitAsync(SourceLog.Update(Stocks.Schema, Stocks.Row("b", 3).Key, Stocks.Row("b", 3).Row));
        var applier = await OpenAsync(store, said);
        await TestStore.CatchUpAsync(applier);
        return applier;
    }

    /// <summary>Commits continue while nobody applies them, and retention drops the first of them.</summary>
    private async Task PassAndDropAsync()
    {
        for (var minute = 0; minute < 6; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            await _source.CommitAsync(
                SourceLog.Update(Stocks.Schema, Stocks.Row("b", minute).Key, Stocks.Row("b", minute).Row)
            );
        }
        Assert.True(await _source.RetainAsync(new LogRetention(TimeSpan.FromMinutes(5), null)) > 1);
    }
}
