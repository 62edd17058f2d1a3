using Strangler.ChangeLog;
using Strangler.Projections.Applying;
using Strangler.Projections.Binding;

namespace Strangler.Projections.Moments;

/// <summary>
/// The states of a key's rows in a bracket: the state before it, then one for each commit that changes them. No I/O.
/// </summary>
/// <param name="States">Where each begins, and the rows.</param>
/// <param name="Last">
/// The last change before the bracket's end of a version that the key reaches; null if there was none.
/// </param>
internal sealed record KeyHistory(string Key, IReadOnlyList<(Position At, KeyRows Rows)> States, Position? Last)
{
    public const int MaxStates = 64;

    // Rows are gathered for each commit, so commits that change nothing for the key cost as well.
    private const int MaxCommits = 1_000;

    /// <returns>Null if there are more than <see cref="MaxStates"/> states, or too many commits to examine.</returns>
    public static async Task<KeyHistory?> OfAsync(
        BoundProjection projection,
        string key,
        BracketRows rows,
        Bracket bracket
    )
    {
        var versions = projection
            .Tables.SelectMany(use => use.Model.Everywhere ? rows.Tables[use.Index] : rows.Reached[key][use.Index])
            .ToList();
        var commits = new SortedSet<Position>();
        Position? last = null;
        foreach (var version in versions)
        {
            Note(version.Version.From);
            if (version.To is { } to)
                Note(to);
        }
        if (commits.Count > MaxCommits)
            return null;

        var states = new List<(Position At, KeyRows Rows)> { (bracket.Before, await RowsAsync(bracket.Before)) };
        foreach (var commit in commits)
        {
            var now = await RowsAsync(commit);
            if (AreSame(states[^1].Rows, now))
                continue;
            if (states.Count == MaxStates)
                return null;
            states.Add((commit, now));
        }
        return new KeyHistory(key, states, last);

        void Note(Position position)
        {
            if (position >= bracket.End)
                return;
            var end = Position.EndOf(position.Epoch, position.Commit);
            if (!(last >= end))
                last = end;
            if (bracket.Holds(position))
                commits.Add(end);
        }

        async Task<KeyRows> RowsAsync(Position at) =>
            (
                await RowGatherer.GatherAsync(
                    projection,
                    [key],
                    new MomentMirror(rows, table => IndexOf(projection, table), (_, version) => version.HoldsAt(at)),
                    CancellationToken.None,
                    rows.Read
                )
            )[0];
    }

    /// <summary>Whether f receives the same rows.</summary>
    public static bool AreSame(KeyRows one, KeyRows other)
    {
        if (one.Named != other.Named)
            return false;
        for (var table = 0; table < one.Tables.Count; table++)
        {
            var (left, right) = (one.Tables[table], other.Tables[table]);
            if (left.Count != right.Count)
                return false;
            for (var row = 0; row < left.Count; row++)
            {
                if (
                    !ReferenceEquals(left[row].Version, right[row].Version)
                    && (
                        left[row].Version.Pk != right[row].Version.Pk || left[row].Version.Row != right[row].Version.Row
                    )
                )
                    return false;
            }
        }
        return true;
    }

    public static int IndexOf(BoundProjection projection, MirrorTable table)
    {
        foreach (var use in projection.Tables)
        {
            if (ReferenceEquals(use.Mirror, table))
                return use.Index;
        }
        throw new InvalidOperationException($"{table} is not read by {projection.Model.Id.Name}.");
    }
}
