namespace Strangler.Cli.Up;

/// <summary>What to do when a part has ended that nobody asked to end.</summary>
internal abstract record AfterEnd
{
    private AfterEnd() { }

    /// <summary>Start it again.</summary>
    /// <param name="Delay">When.</param>
    /// <param name="Row">How many of its runs have ended early, one after the other, this one included.</param>
    public sealed record StartAgain(TimeSpan Delay, int Row) : AfterEnd;

    /// <summary>End everything: it never ran, and starting it again does not cure what it said.</summary>
    public sealed record GiveUp : AfterEnd;
}
