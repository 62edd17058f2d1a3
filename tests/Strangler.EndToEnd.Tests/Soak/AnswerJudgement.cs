namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>The verdict on an answer.</summary>
internal abstract record AnswerJudgement
{
    private AnswerJudgement() { }

    /// <summary>Equal to f(rows) at a time that the route allows, or legacy's answer.</summary>
    public sealed record Right : AnswerJudgement;

    /// <summary>Not right, seconds after a change without a row event: only a look can notice it.</summary>
    public sealed record Unnoticed : AnswerJudgement;

    /// <summary>Wrong, and why.</summary>
    public sealed record Wrong(string Why) : AnswerJudgement;
}
