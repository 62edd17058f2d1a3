namespace Strangler.Evidence.Guards;

/// <summary>
/// How long a route isn't promoted after its guard has tripped: twice as long with each trip, up to a limit. A week
/// without a trip sets it back.
/// </summary>
internal static class CoolDown
{
    /// <summary>The trips that are looked at.</summary>
    public const int MaxTrips = 32;

    private static readonly TimeSpan Rest = TimeSpan.FromDays(7);

    /// <summary>How many trips came without a week in between.</summary>
    /// <param name="trips">Newest first.</param>
    public static int Level(IReadOnlyList<GuardTrip> trips)
    {
        var level = 0;
        for (var i = 0; i < trips.Count && level < MaxTrips; i++)
        {
            if (i > 0 && trips[i].Ago - trips[i - 1].Ago > Rest)
                break;
            level++;
        }
        return level;
    }

    /// <summary>The cool-down of the newest trip.</summary>
    /// <param name="rules">The limits.</param>
    /// <param name="level">As <see cref="Level"/> has it.</param>
    public static TimeSpan Length(GuardRules rules, int level)
    {
        var (length, max) = (rules.CoolDown, rules.MaxCoolDown);
        for (var i = 1; i < level && length < max; i++)
            length *= 2;
        return level == 0 ? TimeSpan.Zero
            : length < max ? length
            : max;
    }

    /// <summary>What is left of it. Zero: it has passed.</summary>
    public static TimeSpan Left(GuardRules rules, IReadOnlyList<GuardTrip> trips)
    {
        if (trips.Count == 0)
            return TimeSpan.Zero;
        var left = Length(rules, Level(trips)) - trips[0].Ago;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
