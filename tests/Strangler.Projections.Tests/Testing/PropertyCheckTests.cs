using System.Globalization;
using Strangler.Projections.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Testing;

/// <summary>
/// Each check finds the fault that it is for. They change the time zone of this process, so nothing else runs then.
/// </summary>
[Collection(nameof(OwnZone))]
public sealed class PropertyCheckTests
{
    private static readonly object[] Visits =
    [
        new Visit(1, 7, "Anna", 1.5m, new DateTimeOffset(2026, 1, 1, 11, 0, 0, TimeSpan.Zero)),
        new Visit(1, 8, "Bea", 2.5m, new DateTimeOffset(2026, 1, 1, 11, 30, 0, TimeSpan.Zero)),
        new Visit(2, 9, "Cid", 3.5m, new DateTimeOffset(2026, 1, 1, 10, 30, 0, TimeSpan.Zero)),
    ];

    private static int _calls;

    [Fact]
    public void CheckProperties_OnlyRowsAndTimeDecide_Holds() =>
        Given<Sound>(rows => string.Join(',', rows.Select(visit => visit.Name).Order(StringComparer.Ordinal)))
            .CheckProperties();

    [Fact]
    public void CheckOrder_FirstRowDecides_IsFound() =>
        Found(
            Given<First>(rows => rows[0].Name).CheckOrder,
            "The document of the key '1' is another with its rows in another order. Sort what legacy sorts"
        );

    [Fact]
    public void CheckDuplicates_CallsAreCounted_IsFound() =>
        Found(
            Given<Counted>(_ =>
                Interlocked.Increment(ref _calls).ToString(CultureInfo.InvariantCulture)
            ).CheckDuplicates,
            "after changes that arrive in batches, some of them twice. Let Project and the lambdas of Declare"
        );

    [Fact]
    public void CheckCultures_NumberIsFormattedWithoutCulture_IsFound() =>
        Found(
            Given<Cultured>(rows => rows.Sum(visit => visit.Hours).ToString()).CheckCultures,
            "in a culture with a decimal comma. Name the culture"
        );

    [Fact]
    public void CheckTimeZones_LocalHourDecides_IsFound() =>
        Found(
            Given<Zoned>(rows => rows.Min(visit => visit.At).ToLocalTime().ToString("HH:mm", null)).CheckTimeZones,
            "in a time zone 13:45 hours ahead of UTC. Convert with the zone that legacy means"
        );

    [Fact]
    public void CheckTimeZones_Done_LeavesTheZoneOfTheProcess()
    {
        var before = TimeZoneInfo.Local.BaseUtcOffset;

        Given<Again>(rows => rows[0].Name.Length.ToString(CultureInfo.InvariantCulture)).CheckTimeZones();

        Assert.Equal(before, TimeZoneInfo.Local.BaseUtcOffset);
    }

    [Fact]
    public void CheckTime_AgeChangesWithoutRecomputeAt_IsFound()
    {
        var test = new ProjectionTest<Aging, int, VisitsDocument>();

        Found(test.Given(Visits).CheckTime, "Return the first time at which it changes.");
        new ProjectionTest<DueAging, int, VisitsDocument>().Given(Visits).CheckTime();
    }

    private static void Found(Action check, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<ProjectionTestException>(check).Message, StringComparison.Ordinal);

    private static GivenRows<int, VisitsDocument> Given<TName>(Func<IReadOnlyList<Visit>, string> text)
    {
        Planted<TName>.Text = text;
        return new ProjectionTest<Planted<TName>, int, VisitsDocument>().Given(Visits);
    }

    public sealed record Visit(int House, int Id, string Name, decimal Hours, DateTimeOffset At);

    public sealed record VisitsDocument(string Text);

    /// <summary>A projection for each name, because projections have no instances.</summary>
    private sealed class Planted<TName> : IProjection<int, VisitsDocument>
    {
        public static Func<IReadOnlyList<Visit>, string> Text { get; set; } = _ => "";

        public static void Declare(ISources<int> from) => from.Table<Visit>("public.visit").Key(visit => visit.House);

        public static Projected<VisitsDocument> Project(int key, Rows rows, DateTimeOffset now) =>
            new(new VisitsDocument(Text(rows.All<Visit>())));
    }

    private sealed class Sound;

    private sealed class First;

    private sealed class Counted;

    private sealed class Cultured;

    private sealed class Zoned;

    private sealed class Again;

    private sealed class Aging : IProjection<int, VisitsDocument>
    {
        public static void Declare(ISources<int> from) => from.Table<Visit>("public.visit").Key(visit => visit.House);

        public static Projected<VisitsDocument> Project(int key, Rows rows, DateTimeOffset now)
        {
            var age = now - rows.All<Visit>().Min(visit => visit.At);
            return new(new VisitsDocument(age > TimeSpan.FromDays(1) ? "old" : "new"));
        }
    }

    private sealed class DueAging : IProjection<int, VisitsDocument>
    {
        public static void Declare(ISources<int> from) => from.Table<Visit>("public.visit").Key(visit => visit.House);

        public static Projected<VisitsDocument> Project(int key, Rows rows, DateTimeOffset now)
        {
            var due = rows.All<Visit>().Min(visit => visit.At).AddDays(1);
            return now < due ? new(new VisitsDocument("new"), due) : new(new VisitsDocument("old"));
        }
    }
}
