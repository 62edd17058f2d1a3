using Strangler.ChangeLog;

namespace Strangler.Projections.Moments;

/// <summary>The commits of an epoch from L0 on and before L1. Both are starts of commit records, or would be.</summary>
internal readonly record struct Bracket(int Epoch, Lsn From, Lsn To)
{
    /// <summary>
    /// The first moment: the end of everything that committed before L0. No commit stands there (records are aligned),
    /// so it is a state and no transaction.
    /// </summary>
    public Position Before => Position.EndOf(Epoch, From.JustBefore);

    /// <summary>Applied through here, everything that the bracket may hold has been.</summary>
    public Position Through => Position.EndOf(Epoch, To.JustBefore);

    public Position Start => new(Epoch, From, 0);

    public Position End => new(Epoch, To, 0);

    public bool Holds(Position position) => position >= Start && position < End;
}
