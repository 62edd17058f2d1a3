namespace Strangler.Gateway.Sessions;

/// <summary>What one caller has written or read, as far as it matters for their later reads.</summary>
/// <param name="Seen">How far the source was. Null: nothing is known of it.</param>
/// <param name="UnknownSince">
/// When the caller wrote something whose position isn't known. Legacy answers until every document has it. Null: no
/// such write is known.
/// </param>
internal sealed record SessionToken(SessionPosition? Seen, DateTimeOffset? UnknownSince)
{
    /// <summary>
    /// Whether legacy may still be at such a write, so that no look has it for certain. Otherwise each look that is
    /// sent later has it.
    /// </summary>
    public bool MayWriteLater { get; init; }

    /// <summary>Of a caller of whom nothing is known.</summary>
    public static readonly SessionToken None = new(null, null);

    /// <summary>What has all of both. The order of merging doesn't matter.</summary>
    public SessionToken Merge(SessionToken other) =>
        new(
            (Seen, other.Seen) is ({ } one, { } another) ? one.Join(another) : Seen ?? other.Seen,
            UnknownSince > other.UnknownSince || other.UnknownSince is null ? UnknownSince : other.UnknownSince
        )
        {
            MayWriteLater = MayWriteLater || other.MayWriteLater,
        };

    /// <summary>After a look that was sent once all of it had been answered: it has all that is certain.</summary>
    public SessionToken At(SessionPosition look) =>
        MayWriteLater ? this with { Seen = look } : new SessionToken(look, null);
}
