namespace Strangler.Gateway.Sessions;

/// <summary>What one caller has written or read, as far as it matters for their later reads.</summary>
/// <param name="Seen">How far the source was. Null: nothing is known of it.</param>
/// <param name="UnknownSince">
/// When the caller wrote something whose position isn't known. Legacy answers until every document has it. Null: no
/// such write is known.
/// </param>
internal sealed record SessionToken(SessionPosition? Seen, DateTimeOffset? UnknownSince)
{
    /// <summary>Of a caller of whom nothing is known.</summary>
    public static readonly SessionToken None = new(null, null);

    /// <summary>What has all of both. The order of merging doesn't matter.</summary>
    public SessionToken Merge(SessionToken other) =>
        new(
            (Seen, other.Seen) is ({ } one, { } another) ? one.Join(another) : Seen ?? other.Seen,
            UnknownSince > other.UnknownSince || other.UnknownSince is null ? UnknownSince : other.UnknownSince
        );
}
