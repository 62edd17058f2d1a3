namespace Strangler.Comparing.Verdicts;

/// <summary>What one bracket shows about one unit.</summary>
internal abstract record Finding
{
    private Finding() { }

    /// <summary>A verdict.</summary>
    public sealed record Settled(PartVerdict Judged) : Finding;

    /// <summary>Equal to no moment: legacy has to be asked again.</summary>
    /// <param name="Nearest">
    /// The verdict <see cref="Doubt.NoBudget"/> with the last moment that it was compared with, for a person to look
    /// at.
    /// </param>
    public sealed record Open(PartVerdict Nearest) : Finding;
}
