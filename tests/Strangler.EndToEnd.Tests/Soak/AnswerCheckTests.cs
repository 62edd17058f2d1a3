using Xunit;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>
/// The soak's judge notices wrong answers: a product with body "a" from second 10 on, "b" from 20, unreadable from 30.
/// </summary>
public sealed class AnswerCheckTests
{
    private const string Key = "P01";

    private static readonly ProbeAnswer Lookup = new(
        new(ProbeForm.Key, Key, "/products/P01"),
        default,
        default,
        Answerer.Lookup,
        200,
        "a",
        "lookup"
    );

    [Theory]
    [InlineData(11, 12, 200, "a", true)]
    [InlineData(9, 12, 404, "", true)]
    [InlineData(9, 9.5, 200, "a", false)] // before it was written
    [InlineData(22.9, 23, 200, "a", true)] // no older than 3 s
    [InlineData(24, 24.1, 200, "a", false)]
    [InlineData(24, 24.1, 200, "c", false)]
    [InlineData(24, 24.1, 404, "", false)]
    [InlineData(40, 40.1, 404, "", false)] // nothing can be said about tables that can't be read
    [InlineData(40, 40.1, 200, "b", false)]
    public void Judge_Lookup_IsHeldAgainstTheTimesThatItMayShow(
        double sent,
        double read,
        int status,
        string body,
        bool right
    )
    {
        var judgement = Judge(Lookup with { Sent = At(sent), Read = At(read), Status = status, Body = body });

        Assert.Equal(right, judgement is AnswerJudgement.Right);
    }

    [Theory]
    [InlineData(19, 21, "a", true)]
    [InlineData(21, 21.1, "a", false)]
    public void Judge_Legacy_ShowsWhatIsSoDuringTheRequest(double sent, double read, string body, bool right)
    {
        var legacy = Lookup with { By = Answerer.Legacy };

        var judgement = Judge(legacy with { Sent = At(sent), Read = At(read), Body = body });

        Assert.Equal(right, judgement is AnswerJudgement.Right);
    }

    [Theory]
    [InlineData(42, true)] // a look that takes seconds has to notice it
    [InlineData(44, false)]
    public void Judge_LookupAfterAChangeWithoutEvents_IsUnnoticedForSomeSeconds(double read, bool unnoticed)
    {
        var judgement = Judge(Lookup with { Sent = At(read), Read = At(read), Body = "a" });

        Assert.Equal(unnoticed, judgement is AnswerJudgement.Unnoticed);
    }

    [Theory]
    [InlineData(ProbeForm.Handshake, Answerer.Lookup, 200, "a", false)]
    [InlineData(ProbeForm.Spelling, Answerer.Lookup, 404, "", false)]
    [InlineData(ProbeForm.Spelling, Answerer.Legacy, 400, "/products/P01", true)]
    [InlineData(ProbeForm.Spelling, Answerer.Legacy, 400, "/products/P02", false)] // legacy got another target
    [InlineData(ProbeForm.Key, Answerer.Gateway, 502, "", false)]
    [InlineData(ProbeForm.Key, Answerer.Nobody, 0, "refused", false)]
    [InlineData(ProbeForm.Key, Answerer.Legacy, 503, "away", true)]
    internal void Judge_OtherAnswer_IsRightOnlyFromLegacyAndOnlyAsSent(
        ProbeForm form,
        Answerer by,
        int status,
        string body,
        bool right
    )
    {
        var asked = Lookup with { Asked = new(form, Key, "/products/P01"), Sent = At(11), Read = At(12) };

        var judgement = Judge(asked with { By = by, Status = status, Body = body });

        Assert.Equal(right, judgement is AnswerJudgement.Right);
    }

    private static AnswerJudgement Judge(ProbeAnswer answer)
    {
        var timeline = new Timeline([Key, "P02"]);
        timeline.Record(At(10), At(10), new Dictionary<string, string> { [Key] = "a" }, silent: false);
        timeline.Record(At(20), At(20), new Dictionary<string, string> { [Key] = "b" }, silent: false);
        timeline.Record(At(30), At(30), null, silent: true);
        return new AnswerCheck(timeline, TimeSpan.FromSeconds(3)).Judge(answer);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
