namespace Shop.Projections;

/// <summary>
/// The only way for the rules to read the time. It remembers the instants that they asked about and that are still in
/// the future: until the first of those instants every question has the same answer, and so does the whole document.
/// </summary>
internal sealed class Clock(DateTimeOffset now)
{
    /// <summary>When the answer may change by itself.</summary>
    public DateTimeOffset? Next { get; private set; }

    /// <summary>Whether an instant has come; true at the instant itself.</summary>
    public bool Passed(DateTimeOffset instant)
    {
        if (instant <= now)
            return true;
        if (Next is null || instant < Next)
            Next = instant;
        return false;
    }

    /// <summary>Whether a day has begun. The shop's days are UTC days.</summary>
    public bool Began(DateOnly day) => Passed(new(day, TimeOnly.MinValue, TimeSpan.Zero));

    /// <summary>Whether a day is over.</summary>
    public bool Ended(DateOnly day) => Began(day.AddDays(1));
}
