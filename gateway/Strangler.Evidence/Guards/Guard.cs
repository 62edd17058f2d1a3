using System.Globalization;
using Strangler.Evidence.Gates;
using static Strangler.Evidence.Gates.GateText;

namespace Strangler.Evidence.Guards;

/// <summary>
/// Decides whether a route's figures are within its limits. A figure that isn't known never trips: the rule is blind.
/// </summary>
internal static class Guard
{
    public const string Wrong = "wrong";
    public const string MaxMismatchRate = "max-mismatch-rate";
    public const string MaxLag = "max-lag";
    public const string MaxFallbacks = "max-fallbacks";
    public const string MaxErrors = "max-errors";
    public const string MaxSlowdown = "max-slowdown";
    public const string MaxStuck = "max-stuck";

    /// <summary>After this time without a comparison, nobody would notice what is wrong.</summary>
    public static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(5);

    /// <summary>Every rule, the gravest first. Null: the route doesn't ask for it.</summary>
    private static readonly Func<GuardRules, GuardFigures, GuardLine?>[] Table =
    [
        (rules, figures) => rules.MaxWrong is { } max ? OfWrong(max, figures) : null,
        (rules, figures) => rules.MaxMismatchRate is { } max ? OfRate(max, figures) : null,
        (rules, figures) => rules.MaxErrors is { } max ? OfErrors(max, rules.MinRequests, figures) : null,
        (rules, figures) => rules.MaxFallbacks is { } max ? OfFallbacks(max, rules.MinRequests, figures) : null,
        (rules, figures) => rules.MaxLag is { } max ? OfLag(max, figures.Lag) : null,
        (rules, figures) => rules.MaxStuck is { } max ? OfStuck(max, figures.Stuck) : null,
        (rules, figures) => rules.MaxSlowdown is { } max ? OfSlowdown(max, rules.MinRequests, figures) : null,
    ];

    /// <summary>Every rule that is in force, with its figure.</summary>
    public static IReadOnlyList<GuardLine> Judge(GuardRules rules, GuardFigures figures) =>
        [.. Table.Select(judge => judge(rules, figures)).OfType<GuardLine>()];

    /// <summary>The gravest rule that has tripped. Null: none.</summary>
    public static GuardLine? Tripped(IEnumerable<GuardLine> lines) =>
        lines.FirstOrDefault(line => line.State == GuardState.Tripped);

    /// <summary>What the rules together say about a route that the lookup answers.</summary>
    public static GuardState StateOf(IReadOnlyList<GuardLine> lines) =>
        lines.Count == 0 ? GuardState.Off
        : Tripped(lines) is not null ? GuardState.Tripped
        : lines.Any(line => line.State == GuardState.Blind) ? GuardState.Blind
        : GuardState.Armed;

    private static GuardLine OfWrong(long max, GuardFigures figures) =>
        figures.Wrong > max
            ? Line(
                Wrong,
                true,
                Number(figures.Wrong),
                Number(max),
                $"{Number(figures.Wrong)} {(figures.Wrong == 1 ? "part was" : "parts were")} wrong within an hour, "
                    + $"where {Number(max)} may be."
            )
            : NotCompared(Wrong, Number(max), figures)
                ?? Line(
                    Wrong,
                    false,
                    Number(figures.Wrong),
                    Number(max),
                    $"{Number(figures.Wrong)} of {Number(figures.Wrong + figures.Right)} compared parts were wrong "
                        + $"within an hour, where {Number(max)} may be."
                );

    /// <summary>
    /// What isn't a match is one of the other side: the lower bound of a rate is what the upper bound of the other
    /// leaves.
    /// </summary>
    private static GuardLine OfRate(double max, GuardFigures figures)
    {
        var compared = figures.Wrong + figures.Right;
        var lower = compared == 0 ? 0 : 1 - MismatchBound.Upper(figures.Right, compared);
        var found =
            $"At least {Percent(lower)} of the parts are wrong, at 95 % confidence ({Number(figures.Wrong)} of "
            + $"{Number(compared)} within an hour), where {Percent(max)} may be.";
        return lower > max
            ? Line(MaxMismatchRate, true, Percent(lower), Percent(max), found)
            : NotCompared(MaxMismatchRate, Percent(max), figures)
                ?? Line(MaxMismatchRate, false, Percent(lower), Percent(max), found);
    }

    private static GuardLine? NotCompared(string name, string limit, GuardFigures figures) =>
        !figures.IsCompared
            ? Blind(
                name,
                limit,
                "Nothing of what the lookup answers is compared: see 'Recheck:Share' and 'Gateway:Source'."
            )
        : figures.SinceCompared > MaxSilence
            ? Blind(name, limit, $"Nothing has been compared for {Span(figures.SinceCompared)}.")
        : null;

    private static GuardLine OfFallbacks(double max, long min, GuardFigures figures)
    {
        var worst = Worst(figures.Windows, min, window => window.Fallbacks);
        return Share(
            MaxFallbacks,
            worst is { } window ? (double)window.Fallbacks / window.Asked : null,
            max,
            share =>
                $"The lookup failed {Percent(share)} of {Number(worst!.Asked)} requests within {Span(worst.Length)}, "
                + $"where {Percent(max)} may be."
        );
    }

    private static GuardLine OfErrors(double max, long min, GuardFigures figures)
    {
        if (figures.LegacyAnswers < min)
            return Blind(
                MaxErrors,
                Percent(max),
                $"Legacy has answered {Number(figures.LegacyAnswers)} requests, too few to know its own share of "
                    + "errors."
            );
        var own = (double)figures.LegacyErrors / figures.LegacyAnswers;
        var worst = Worst(figures.Windows, min, window => window.Errors);
        return Share(
            MaxErrors,
            worst is { } window ? ((double)window.Errors / window.Asked) - own : null,
            max,
            share =>
                $"{Number(worst!.Errors)} of {Number(worst.Asked)} requests within {Span(worst.Length)} got a server's "
                + $"error, {Percent(Math.Max(0, share))} more than legacy's own {Percent(own)}, where "
                + $"{Percent(max)} may be."
        );
    }

    /// <summary>The window in which the share is the highest, of those with enough requests.</summary>
    private static RequestWindow? Worst(IReadOnlyList<RequestWindow> windows, long min, Func<RequestWindow, long> of) =>
        windows.Where(window => window.Asked >= Math.Max(1, min)).MaxBy(window => (double)of(window) / window.Asked);

    private static GuardLine Share(string name, double? share, double max, Func<double, string> found) =>
        share is { } known
            ? Line(name, known > max, Percent(Math.Max(0, known)), Percent(max), found(known))
            : new GuardLine(name, GuardState.Armed, null, Percent(max), "Too few requests within a minute.");

    private static GuardLine OfLag(TimeSpan max, TimeSpan? lag) =>
        lag is { } known
            ? Line(
                MaxLag,
                known > max,
                Span(known),
                Span(max),
                $"The documents are {Span(known)} old, where {Span(max)} is the limit."
            )
            : Blind(MaxLag, Span(max), "How old the documents are isn't known.");

    private static GuardLine OfStuck(TimeSpan max, TimeSpan? stuck) =>
        stuck is { } known
            ? Line(
                MaxStuck,
                known > max,
                Span(known),
                Span(max),
                $"The projection has stood still for {Span(known)}, where {Span(max)} is the limit."
            )
            : Blind(MaxStuck, Span(max), "Whether the projection moves isn't known.");

    private static GuardLine OfSlowdown(long max, long min, GuardFigures figures)
    {
        var limit = $"{Number(max)} times";
        if (figures.LegacyAnswers < min || figures.LegacyP99 is not { } own)
            return Blind(
                MaxSlowdown,
                limit,
                $"Legacy has answered {Number(figures.LegacyAnswers)} requests, too few to know how long it takes."
            );
        if (figures.LookupAnswers < min || figures.LookupP99 is not { } p99)
            return new GuardLine(MaxSlowdown, GuardState.Armed, null, limit, "Too few requests within ten seconds.");
        return Line(
            MaxSlowdown,
            p99 > max * own,
            Milliseconds(p99),
            limit,
            $"The lookup's 99th percentile is {Milliseconds(p99)}, and legacy's own {Milliseconds(own)}, where "
                + $"{limit} as long is the limit."
        );
    }

    private static string Milliseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} ms");

    private static GuardLine Line(string name, bool isTripped, string figure, string limit, string found) =>
        new(name, isTripped ? GuardState.Tripped : GuardState.Armed, figure, limit, found);

    private static GuardLine Blind(string name, string limit, string found) =>
        new(name, GuardState.Blind, null, limit, found);
}
