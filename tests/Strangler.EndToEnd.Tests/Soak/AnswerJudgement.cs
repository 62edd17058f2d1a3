namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>What an answer is.</summary>
internal abstract record AnswerJudgement
{
    private AnswerJudgement() { }

    /// <summary>Equal to f(rows) at a time that the route allows, or what legacy said.</summary>
    public sealed record Right : AnswerJudgement;

    /// <summary>Not right, seconds after a change that no row event tells of: it takes a look to notice one.</summary>
    public sealed record Unnoticed : AnswerJudgement;

    /// <summary>Wrong, and why.</summary>
    public sealed record Wrong(string Why) : AnswerJudgement;
}
