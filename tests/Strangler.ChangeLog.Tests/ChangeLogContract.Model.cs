using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog.Embedded;
using Xunit;

namespace Strangler.ChangeLog.Tests;

/// <summary>
/// Random histories: whatever is appended, lost, repeated, discarded and dropped, a reader sees exactly the model.
/// </summary>
public abstract partial class ChangeLogContract
{
    private int _histories;

    /// <summary>The number of histories in a run; a long run has twenty times as many.</summary>
    protected abstract int Histories { get; }

    [Fact]
    public Task Log_AnyHistory_IsTheModel() => SampleAsync(Histories);

    [Fact]
    [Trait("Category", "Long")]
    public Task Log_ManyHistories_AreTheModel() => SampleAsync(Histories * 20);

    private async Task SampleAsync(int histories)
    {
        var time = new FakeTimeProvider(Sample.Day);
        var log = await CreateAsync(
            time,
            new EmbeddedLogOptions { SegmentBytes = 700, SegmentAge = TimeSpan.FromSeconds(60) }
        );
        await LogStep.History.SampleAsync(
            async steps =>
                await new LogModel(log, $"source {Interlocked.Increment(ref _histories)}", time).RunAsync(steps),
            iter: histories,
            threads: 1
        );
    }
}
