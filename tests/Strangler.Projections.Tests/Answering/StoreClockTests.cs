using Microsoft.Extensions.Time.Testing;
using Strangler.Testing;
using Xunit;
using static Strangler.Projections.Tests.Answering.StoredDocuments;

namespace Strangler.Projections.Tests.Answering;

/// <summary>Which clock makes a document due if clocks differ.</summary>
public sealed class StoreClockTests(PostgresFixture postgres)
{
    [Fact]
    public async Task FindAsync_ClockOfTheReaderMoves_MakesADocumentDue()
    {
        await using var store = await StoreAsync(postgres, Built);
        var time = new FakeTimeProvider(Now);
        var answers = new StoreAnswers(store, time) { Patience = TimeSpan.FromMinutes(1) };
        var before = await answers.FindAsync(Availability, ["a"], TestContext.Current.CancellationToken);

        time.SetUtcNow(Now.AddSeconds(1));
        var after = await answers.FindAsync(Availability, ["a"], TestContext.Current.CancellationToken);

        Assert.IsType<Found.Document>(before.Found[0]);
        Assert.Equal("Due", Text(after.Found[0]));
    }

    /// <summary>
    /// Documents become due by the clock that the function received. The reader's clock doesn't matter once the
    /// projections have stored theirs.
    /// </summary>
    [Theory]
    [InlineData(-3_600, 3_600, true)]
    [InlineData(0, 3_600, true)]
    [InlineData(0, -3_600, false)]
    [InlineData(3_600, -3_600, false)]
    public async Task FindAsync_ReadersClockIsWrong_DueIsByTheProjectionsClock(int reader, int projections, bool isDue)
    {
        await using var store = await StoreAsync(
            postgres,
            $"""
            {Built}
            update projections.checkpoint set
                clock_ahead = extract(epoch from '{Now:O}'::timestamptz - clock_timestamp()) + {projections};
            """
        );

        var lookup = await new StoreAnswers(store, new FakeTimeProvider(Now.AddSeconds(reader)))
        {
            Patience = TimeSpan.FromMinutes(1),
            Skew = TimeSpan.FromDays(1),
        }.FindAsync(Availability, ["a"], TestContext.Current.CancellationToken);

        Assert.Equal(isDue, lookup.Found[0] is Found.Miss { Reason: MissReason.Due });
        Assert.InRange(lookup.Clock!.Value, Now.AddSeconds(projections), Now.AddSeconds(projections + 60));
    }

    [Fact]
    public async Task FindAsync_ComputedForAClockAheadOfTheReaders_IsDueBeyondTheSkew()
    {
        await using var store = await StoreAsync(postgres, Built);

        var lookup = await Answers(store)
            .FindAsync(Availability, ["just", "ahead", "absent-ahead"], TestContext.Current.CancellationToken);
        var patient = await new StoreAnswers(store, new FakeTimeProvider(Now))
        {
            Patience = TimeSpan.FromMinutes(1),
            Skew = TimeSpan.FromMinutes(1),
        }.FindAsync(Availability, ["ahead"], TestContext.Current.CancellationToken);

        Assert.IsType<Found.Document>(lookup.Found[0]);
        Assert.Equal(["Due", "Due"], lookup.Found.Skip(1).Select(Text));
        Assert.IsType<Found.Document>(patient.Found[0]);
    }
}
