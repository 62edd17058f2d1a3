namespace Strangler.Projections.Answering;

/// <summary>
/// Decides how a key may be answered. Anything that isn't known to be current at the watermark is a miss.
/// </summary>
internal static class KeyAnswerPolicy
{
    /// <summary>Why no key of the build may be answered; null if keys may.</summary>
    /// <param name="version">The version whose documents may be served.</param>
    public static MissReason? MissOfAll(in StoredBuild build, string version) =>
        build switch
        {
            { Exists: false } or { Applied: false } => MissReason.NotBuilt,
            { Stopped: true } => MissReason.Stopped,
            _ when build.Version != version => MissReason.OtherVersion,
            { InDoubt: true } => MissReason.Dirty,
            _ => null,
        };

    /// <summary>
    /// The answer for a key of a build whose keys may be answered. A key without a row is absent: before a build is
    /// registered, all its keys are made dirty.
    /// </summary>
    /// <param name="now">The reader's clock. An absent key has a RecomputeAt as well.</param>
    /// <param name="skew">
    /// How far the clock for which the key was computed may be ahead of the reader's: beyond that, the stored answer
    /// may not hold yet.
    /// </param>
    public static Found Of(in StoredKey key, DateTimeOffset now, TimeSpan skew) =>
        key switch
        {
            { Quarantined: true } => Missed(MissReason.Quarantined),
            { Dirty: true } => Missed(MissReason.Dirty),
            { RecomputeAt: { } due } when due <= now => Missed(MissReason.Due),
            { ComputedFor: { } made } when made - now > skew => Missed(MissReason.Due),
            { LegacyReason: { } reason } => new Found.Miss(MissReason.AskLegacy) { LegacyReason = reason },
            { Bytes: { } bytes, Touched: { } touched } => new Found.Document(bytes, touched, key.RecomputeAt),
            _ => Found.Absent.Value,
        };

    public static Found Missed(MissReason reason) => Misses[(int)reason];

    private static readonly Found.Miss[] Misses =
    [
        .. Enum.GetValues<MissReason>().Select(reason => new Found.Miss(reason)),
    ];
}
