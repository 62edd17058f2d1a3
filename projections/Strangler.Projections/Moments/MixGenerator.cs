using Strangler.ChangeLog;
using Strangler.Projections.Applying;
using Strangler.Projections.Binding;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Moments;

/// <summary>
/// Generates mixes of row versions: what a call graph may have read if it took its rows at several moments of a
/// bracket. A mix has for each row one of its versions in the bracket, or none if there was a moment without one; the
/// links of the chosen versions then determine which rows belong to the key. The order is fixed, small deviations
/// first: one row unlike a moment, then two, and so on. The numbers of tried and returned mixes are bounded. No I/O.
/// </summary>
internal static class MixGenerator
{
    public const int MaxMixes = 64;

    /// <summary>The maximum number of combinations tried for a key.</summary>
    private const int MaxTried = 1_000;

    /// <returns>Sets of rows that equal no moment's, each once.</returns>
    public static async Task<IReadOnlyList<KeyRows>> OfAsync(
        BoundProjection projection,
        BracketRows rows,
        KeyHistory timeline
    )
    {
        var choices = Choices(projection, rows, timeline);
        var numbers = new Dictionary<RowVersion, int>(ReferenceEqualityComparer.Instance);
        var known = timeline.States.Select(state => Signature(state.Rows)).ToHashSet(StringComparer.Ordinal);
        var mixes = new List<KeyRows>();
        var chosen = new Dictionary<(int Table, string Pk), BracketVersion?>();
        var tried = 0;
        for (var changed = 1; changed <= choices.Count && tried < MaxTried && mixes.Count < MaxMixes; changed++)
        {
            foreach (var (at, _) in timeline.States)
            {
                foreach (var choice in choices)
                    chosen[choice.Row] = choice.At(at);
                await DeviateAsync(0, changed, at);
            }
        }
        return mixes;

        // Changes this many of the choices from here on, in all possible ways.
        async Task DeviateAsync(int from, int left, Position at)
        {
            if (left == 0)
            {
                tried++;
                var mixed = (
                    await RowGatherer.GatherAsync(
                        projection,
                        [timeline.Key],
                        new MomentMirror(rows, table => KeyHistory.IndexOf(projection, table), IsChosen),
                        CancellationToken.None,
                        rows.Read
                    )
                )[0];
                if (known.Add(Signature(mixed)))
                    mixes.Add(mixed);
                return;
            }
            for (var index = from; index <= choices.Count - left; index++)
            {
                var own = choices[index].At(at);
                foreach (var option in choices[index].Options)
                {
                    if (ReferenceEquals(option, own))
                        continue;
                    if (tried >= MaxTried || mixes.Count >= MaxMixes)
                        return;
                    chosen[choices[index].Row] = option;
                    await DeviateAsync(index + 1, left - 1, at);
                }
                chosen[choices[index].Row] = own;
            }
        }

        bool IsChosen(int table, BracketVersion version) =>
            !chosen.TryGetValue((table, version.Version.Pk), out var taken) || ReferenceEquals(taken, version);

        string Signature(KeyRows one) =>
            string.Join('|', one.Tables.Select(table => string.Join(',', table.Select(row => Number(row.Version)))))
            + (one.Named ? "" : "-");

        int Number(RowVersion version) =>
            numbers.TryGetValue(version, out var number) ? number : numbers[version] = numbers.Count;
    }

    private static List<Choice> Choices(BoundProjection projection, BracketRows rows, KeyHistory timeline) =>
        [
            .. projection
                .Tables.SelectMany(use =>
                    (use.Model.Everywhere ? rows.Tables[use.Index] : rows.Reached[timeline.Key][use.Index])
                        .GroupBy(version => version.Version.Pk, StringComparer.Ordinal)
                        .OrderBy(row => row.Key, StringComparer.Ordinal)
                        .Select(row => new Choice(
                            (use.Index, row.Key),
                            [.. row.OrderBy(version => version.Version.From)],
                            timeline
                        ))
                )
                .Where(choice => choice.Options.Length > 1),
        ];

    /// <summary>A row with several possible versions.</summary>
    private sealed class Choice
    {
        private readonly BracketVersion[] _versions;

        public Choice((int Table, string Pk) row, BracketVersion[] versions, KeyHistory timeline)
        {
            (Row, _versions) = (row, versions);
            BracketVersion?[] none = timeline.States.Any(state => At(state.At) is null) ? [null] : [];
            Options = [.. versions, .. none];
        }

        public (int Table, string Pk) Row { get; }

        /// <summary>Its versions; null means no row.</summary>
        public BracketVersion?[] Options { get; }

        public BracketVersion? At(Position end) => Array.Find(_versions, version => version.HoldsAt(end));
    }
}
