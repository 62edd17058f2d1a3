using System.Globalization;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Foundation.Configuration;

/// <summary>
/// Reads the values of a section. A missing value is its default. A faulty one adds a fault and is its default as well,
/// so that all faults of a file are found at once. Values are written the same in every section and culture.
/// </summary>
/// <param name="section">The section. Members of its subsections are named with colons.</param>
/// <param name="faults">Where faults are added.</param>
public sealed class SectionValues(IConfigurationSection section, List<Fault> faults)
{
    /// <summary>Either <c>true</c> or <c>false</c>, in any case.</summary>
    public bool Flag(string member, bool otherwise)
    {
        if (section[member] is not { } text)
            return otherwise;
        if (TryParseFlag(text, out var value))
            return value;
        Add(member, $"'{text}' is neither true nor false.", "Write true or false.");
        return otherwise;
    }

    /// <summary>A whole number in decimal digits, without sign or separators.</summary>
    public int Number(string member, int otherwise, int min, int max) => (int)Number(member, (long)otherwise, min, max);

    /// <inheritdoc cref="Number(string, int, int, int)"/>
    public long Number(string member, long otherwise, long min, long max) =>
        Number(member, min, max, Invariant($"leave it out for {otherwise}")) ?? otherwise;

    /// <summary>A whole number that has no default. Null if it is missing or faulty.</summary>
    public long? Number(string member, long min, long max) => Number(member, min, max, "leave it out");

    /// <summary>A number from 0 to 1 with a decimal point. Null if it is missing or faulty.</summary>
    public double? Share(string member)
    {
        if (section[member] is not { } text)
            return null;
        if (
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value is >= 0 and <= 1
        )
            return value;
        Add(
            member,
            $"'{text}' is not a share from 0 to 1.",
            "Write it with a point, such as 0.01 for one in a hundred, or leave it out."
        );
        return null;
    }

    /// <summary>
    /// A time as <c>[days.]hours:minutes:seconds[.fraction]</c>. A number alone is a fault: .NET would read it as days,
    /// and its author may mean seconds.
    /// </summary>
    public TimeSpan Time(string member, TimeSpan otherwise, TimeSpan min, TimeSpan max)
    {
        if (section[member] is not { } text)
            return otherwise;
        if (TryParseTime(text, out var value) && value >= min && value <= max)
            return value;
        Add(
            member,
            max == TimeSpan.MaxValue
                ? $"'{text}' is not a time of at least {min:c}."
                : $"'{text}' is not a time from {min:c} to {max:c}.",
            $"Write it as [days.]hours:minutes:seconds, or leave it out for {otherwise:c}."
        );
        return otherwise;
    }

    /// <summary>A time that has no default. Null if it is missing or faulty.</summary>
    public TimeSpan? Time(string member, TimeSpan min, TimeSpan max)
    {
        if (section[member] is not { } text)
            return null;
        if (TryParseTime(text, out var value) && value >= min && value <= max)
            return value;
        Add(
            member,
            $"'{text}' is not a time from {min:c} to {max:c}.",
            "Write it as [days.]hours:minutes:seconds, or leave it out."
        );
        return null;
    }

    /// <summary>Reads a flag as <see cref="Flag"/> does.</summary>
    public static bool TryParseFlag(string? text, out bool flag)
    {
#pragma warning disable RS0030 // the one place that reads flags
        return bool.TryParse(text, out flag);
#pragma warning restore RS0030
    }

    /// <summary>Reads a time as <c>Time</c> does, without bounds.</summary>
    public static bool TryParseTime(string? text, out TimeSpan time)
    {
        time = default;
        return text is not null
            && text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out time);
    }

    private long? Number(string member, long min, long max, string alternative)
    {
        if (section[member] is not { } text)
            return null;
        if (
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= min
            && value <= max
        )
            return value;
        Add(
            member,
            max == long.MaxValue
                ? Invariant($"'{text}' is not a whole number of at least {min}.")
                : Invariant($"'{text}' is not a whole number from {min} to {max}."),
            $"Correct it, or {alternative}."
        );
        return null;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private void Add(string member, string problem, string wayOut) =>
        faults.Add(new Fault($"{section.Path}:{member}", problem, wayOut));
}
