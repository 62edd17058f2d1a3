namespace Strangler.Evidence;

/// <summary>
/// Limits of evidence. Beyond a limit, things are counted together or counted as lost; nothing grows without bound.
/// </summary>
internal sealed record EvidenceLimits
{
    /// <summary>
    /// The number of comparisons without a match after which a key is unproven. The store's index uses the same number.
    /// </summary>
    public const int UnprovenAfter = 5;

    /// <summary>
    /// How many of the first examples of each quarter of a day are kept per path and kind. Those of the two latest
    /// quarters with examples stay, so that what a report names is available for at least six hours. The store's
    /// statements use the same number.
    /// </summary>
    public const int First = 2;

    public static readonly EvidenceLimits Default = new();

    /// <summary>The most keys that a scope distinguishes.</summary>
    /// <value>1,000,000</value>
    public long Keys { get; init; } = 1_000_000;

    /// <summary>The most key versions that a scope distinguishes.</summary>
    /// <value>1,000,000</value>
    public long Versions { get; init; } = 1_000_000;

    /// <summary>
    /// Lines of each kind (differences, faults, ignored, noise, headers) in a scope; the rest become one line.
    /// </summary>
    /// <value>200</value>
    public int Paths { get; init; } = 200;

    /// <summary>Randomly chosen examples per path and kind, and as many of the newest.</summary>
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
    /// How long examples, spans of time, and a superseded scope's data about single keys are kept. Counts are kept
    /// forever.
    /// </summary>
    /// <value>30 days</value>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);
}
