namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>Judges whether an answer was right. Time is passed in.</summary>
/// <param name="timeline">What was right when.</param>
/// <param name="maxStaleness">The highest age of a lookup on the route.</param>
internal sealed class AnswerCheck(Timeline timeline, TimeSpan maxStaleness)
{
    /// <summary>
    /// How long a change without a row event may go unnoticed: the longest time between two looks of the bridge.
    /// </summary>
    private static readonly TimeSpan MaxLookAge = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How imprecise an age may be: a watermark's time is that of a commit, an age is truncated to ms.
    /// </summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(250);

    public AnswerJudgement Judge(ProbeAnswer answer) =>
        answer switch
        {
            { By: Answerer.Nobody } => new AnswerJudgement.Wrong($"no answer: {answer.Body}"),
            { By: Answerer.Gateway } => new AnswerJudgement.Wrong($"the gateway's own {answer.Status}: {answer.Body}"),
            { Asked.Form: ProbeForm.Key, By: Answerer.Lookup } => JudgeLookup(answer),
            { By: Answerer.Lookup } => new AnswerJudgement.Wrong("the lookup answered what only legacy understands"),
            { Status: 503 } => new AnswerJudgement.Right(), // legacy can't read its tables, and says so
            { Asked.Form: ProbeForm.Key or ProbeForm.Shadow } => JudgeLegacy(answer),
            _ => answer.Status == 400 && answer.Body == answer.Asked.Target
                ? new AnswerJudgement.Right()
                : new AnswerJudgement.Wrong($"legacy got '{answer.Body}' ({answer.Status})"),
        };

    private AnswerJudgement JudgeLookup(ProbeAnswer answer)
    {
        if (Holds(answer, answer.Sent - maxStaleness - Rounding))
            return new AnswerJudgement.Right();
        if (timeline.ChangedSilently(answer.Read, MaxLookAge + maxStaleness))
            return new AnswerJudgement.Unnoticed();
        return new AnswerJudgement.Wrong(Describe(answer));
    }

    private AnswerJudgement JudgeLegacy(ProbeAnswer answer) =>
        Holds(answer, answer.Sent) ? new AnswerJudgement.Right() : new AnswerJudgement.Wrong(Describe(answer));

    private bool Holds(ProbeAnswer answer, TimeSpan from) =>
        timeline.Between(answer.Asked.Key, from, answer.Read).Any(version => Equals(version, answer));

    private static bool Equals(KeyVersion version, ProbeAnswer answer) =>
        version.Content switch
        {
            KeyContent.Present present => answer.Status == 200 && answer.Body == present.Body,
            KeyContent.Absent => answer.Status == 404,
            _ => false,
        };

    private string Describe(ProbeAnswer answer)
    {
        var all = timeline.Between(answer.Asked.Key, TimeSpan.MinValue, answer.Read);
        var then = all.FirstOrDefault(version => Equals(version, answer));
        var age = then is null
            ? "which was never so"
            : $"which was so until {(answer.Sent - then.End).TotalSeconds:0.0} s before it was asked";
        return $"{answer.Status} {Short(answer.Body)}, {age}; right was {Short($"{all[0].Content}")}";
    }

    private static string Short(string text) => text.Length <= 400 ? text : $"{text[..300]}…{text[^90..]}";
}
