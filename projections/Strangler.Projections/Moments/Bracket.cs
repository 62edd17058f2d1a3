using Strangler.ChangeLog;

namespace Strangler.Projections.Moments;

/// <summary>
/// The commits of an epoch from L0 to before L1. Both are where commit records start, or would start.
/// </summary>
internal readonly record struct Bracket(int Epoch, Lsn From, Lsn To)
{
    /// <summary>
    /// The first moment: the end of everything that committed before L0. No commit has this position (records are
    /// aligned), so it is a state and not a transaction.
    /// </summary>
    public Position Before => Position.EndOf(Epoch, From.JustBefore);

    /// <summary>Once this position is applied, everything that the bracket may hold has been applied.</summary>
    public Position Through => Position.EndOf(Epoch, To.JustBefore);

    public Position Start => new(Epoch, From, 0);

    public Position End => new(Epoch, To, 0);

    public bool Holds(Position position) => position >= Start && position < End;
}
