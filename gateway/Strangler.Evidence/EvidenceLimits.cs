namespace Strangler.Evidence;

/// <summary>
/// What evidence may hold. Beyond a limit things are counted together, or counted as lost; nothing grows without end.
/// </summary>
internal sealed record EvidenceLimits
{
    /// <summary>
    /// From how many comparisons without a match on a key is unproven. The store's index says the same.
    /// </summary>
    public const int UnprovenAfter = 5;

    /// <summary>
    /// Examples of a path and kind that are the first of their quarter of a day: those of the two latest quarters in
    /// which there were any stay, so that what a report names can be looked at for six hours and more. The store's
    /// statements say the same.
    /// </summary>
    public const int First = 2;

    public static readonly EvidenceLimits Default = new();

    /// <summary>Keys that are told apart in a scope.</summary>
    /// <value>1,000,000</value>
    public long Keys { get; init; } = 1_000_000;

    /// <summary>Versions of keys that are told apart in a scope.</summary>
    /// <value>1,000,000</value>
    public long Versions { get; init; } = 1_000_000;

    /// <summary>
    /// Lines of each kind (differences, ignored, noise, headers) in a scope; what comes after is one line.
    /// </summary>
    /// <value>200</value>
    public int Paths { get; init; } = 200;

    /// <summary>Examples of a path and kind that are drawn at random, and as many that are the newest.</summary>
    /// <value>5</value>
    public int PerPath { get; init; } = 5;

    /// <summary>Examples of a scope.</summary>
    /// <value>1,000</value>
    public int Examples { get; init; } = 1_000;

    /// <summary>Bytes of a body that an example keeps.</summary>
    /// <value>64 KiB</value>
    public int BodyBytes { get; init; } = 64 << 10;

    /// <summary>Keys, versions and lines that a gateway holds while they wait for the store.</summary>
    /// <value>200,000</value>
    public int Waiting { get; init; } = 200_000;

    /// <summary>Bytes of examples that a gateway holds while they wait for the store.</summary>
    /// <value>32 MiB</value>
    public long WaitingBytes { get; init; } = 32 << 20;

    /// <summary>
    /// How long examples, spans of time, and what a superseded scope knew of single keys are kept. Counts are kept for
    /// ever.
    /// </summary>
    /// <value>30 days</value>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);
}
