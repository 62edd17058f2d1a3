using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Sessions;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.CdcBridge.Tests.Sessions;

/// <summary>Each way in which a session can end, and what follows.</summary>
public sealed class SessionDecisionTests
{
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(15);
    private static readonly Fault Fault = new("Source", "It is broken.", "Fix it.");
    private static readonly Position End = Position.EndOf(1, new Lsn(16));
    private static readonly AbandonedStreams Ended = new(0, End);
    private static readonly HistoryDifference Difference = new HistoryDifference.NotSent(new Lsn(8), 7, default);

    /// <summary>The bridge has only just begun.</summary>
    private static readonly SessionState New = new(TakesSnapshot: false) { Abandoned = Ended };

    /// <summary>The third session in a row that was lost before its stream began.</summary>
    private static readonly SessionState Lost = new(TakesSnapshot: true)
    {
        HasConnected = true,
        Difference = Difference,
        Pause = TimeSpan.FromMilliseconds(800),
        Abandoned = Ended,
    };

    /// <summary>The state after a stream that passes.</summary>
    private static readonly SessionState Streamed = new(TakesSnapshot: false)
    {
        HasConnected = true,
        Pause = TimeSpan.FromMilliseconds(400),
        Abandoned = Ended,
    };

    private static readonly SessionDecision Again = new SessionDecision.AtOnce();
    private static readonly SessionDecision Rethrow = new SessionDecision.Rethrow();
    private static readonly SessionDecision Stop = new SessionDecision.Stop(Fault);

    private static readonly IReadOnlyDictionary<string, Row> Rows = new Dictionary<string, Row>
    {
        ["another history"] = new(
            New,
            new SessionEnd.AnotherHistory(Difference),
            New with
            {
                HasConnected = true,
                Difference = Difference,
            },
            Again
        ),
        ["another history, and the bytes come unconverted"] = new(
            Lost with
            {
                IsRaw = true,
                Abandoned = new AbandonedStreams(3, End),
            },
            Streaming(new SessionEnd.AnotherHistory(Difference)),
            Lost with
            {
                IsRaw = true,
                Abandoned = new AbandonedStreams(3, End),
            },
            Again
        ),
        ["fault at the start"] = new(New, new SessionEnd.Faulted(true), New, Rethrow),
        ["fault in the first session"] = new(
            New,
            Connected(new SessionEnd.Faulted(false)),
            New with
            {
                HasConnected = true,
            },
            Rethrow
        ),
        ["fault in the first session, behind which is a lost connection"] = new(
            New,
            Connected(new SessionEnd.Faulted(true)),
            Streamed,
            After(SessionState.FirstPause)
        ),
        ["fault later"] = new(Lost, new SessionEnd.Faulted(false), Lost, Rethrow),
        ["fault later, behind which is a lost connection"] = new(
            Lost,
            new SessionEnd.Faulted(true),
            Lost with
            {
                Pause = Lost.Pause * 2,
            },
            After(Lost.Pause)
        ),
        ["value that can't be converted"] = new(
            Lost,
            Streaming(new SessionEnd.Unconverted(Fault)),
            Lost with
            {
                IsRaw = true,
                TakesSnapshot = false,
            },
            Again
        ),
        ["value that can't be converted before the stream"] = new(
            New with
            {
                TakesSnapshot = true,
            },
            new SessionEnd.Unconverted(Fault),
            New with
            {
                IsRaw = true,
                TakesSnapshot = true,
            },
            Again
        ),
        ["value that can't be converted though the bytes come unconverted"] = new(
            Lost with
            {
                IsRaw = true,
            },
            new SessionEnd.Unconverted(Fault),
            Lost,
            Stop
        ),
        ["no room for transactions that have not ended"] = new(
            Lost,
            Streaming(new SessionEnd.SpillFull()),
            Lost with
            {
                ServerKeepsTransactions = true,
                TakesSnapshot = false,
            },
            Again
        ),
        ["server fails to send transactions that have not ended"] = new(
            Lost,
            Streaming(new SessionEnd.EarlySendFailed()),
            Lost with
            {
                ServerKeepsTransactions = true,
                TakesSnapshot = false,
            },
            Again
        ),
        ["stream lost, and there was no room before"] = new(
            Streamed with
            {
                ServerKeepsTransactions = true,
            },
            Streaming(new SessionEnd.Failed(true, null)),
            Streamed with
            {
                ServerKeepsTransactions = true,
            },
            After(SessionState.FirstPause)
        ),
        ["store that refuses for good"] = new(Lost, new SessionEnd.StoreFailed(false, Fault), Lost, Stop),
        ["store that fails for an unknown reason"] = new(Lost, new SessionEnd.StoreFailed(false, null), Lost, Rethrow),
        ["store that doesn't answer at the start"] = new(New, new SessionEnd.StoreFailed(true, Fault), New, Stop),
        ["store that fails for a while"] = new(
            Lost,
            Streaming(new SessionEnd.StoreFailed(true, Fault)),
            Streamed,
            After(SessionState.FirstPause)
        ),
        ["error that a person can fix"] = new(Lost, new SessionEnd.Failed(false, Fault), Lost, Stop),
        ["unknown error"] = new(Lost, new SessionEnd.Failed(false, null), Lost, Rethrow),
        ["source that doesn't answer at the start"] = new(New, new SessionEnd.Failed(true, Fault), New, Stop),
        ["connection lost in the first session"] = new(
            New,
            Connected(new SessionEnd.Failed(true, Fault)),
            Streamed,
            After(SessionState.FirstPause)
        ),
        ["connection lost before the stream"] = new(
            Lost with
            {
                IsRaw = true,
            },
            Connected(new SessionEnd.Failed(true, Fault)),
            Lost with
            {
                Pause = Lost.Pause * 2,
            },
            After(Lost.Pause)
        ),
        ["connection lost for a long time"] = new(
            Lost with
            {
                Pause = MaxPause * 0.6,
            },
            new SessionEnd.Failed(true, Fault),
            Lost with
            {
                Pause = MaxPause,
            },
            After(MaxPause * 0.6)
        ),
        ["stream lost"] = new(
            Lost,
            Streaming(new SessionEnd.Failed(true, Fault)),
            Streamed,
            After(SessionState.FirstPause)
        ),
        ["stream abandoned"] = new(
            Lost with
            {
                Abandoned = new AbandonedStreams(3, End),
            },
            Streaming(new SessionEnd.StreamAbandoned()),
            Streamed with
            {
                Abandoned = new AbandonedStreams(4, End),
            },
            After(SessionState.FirstPause)
        ),
        ["publication dropped"] = new(
            Lost with
            {
                TakesSnapshot = false,
            },
            Streaming(new SessionEnd.MissingPublication()),
            Streamed with
            {
                TakesSnapshot = true,
            },
            After(SessionState.FirstPause)
        ),
    };

    public static TheoryData<string> Ends => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Ends))]
    public void Decide_End_IsWhatFollows(string end)
    {
        var row = Rows[end];

        var (next, decision) = SessionDecision.Decide(row.State, row.End with { End = End }, MaxPause);

        Assert.Equal((row.Next, row.Decision), (next, decision));
    }

    private static SessionEnd Connected(SessionEnd end) => end with { IsConnected = true };

    private static SessionEnd Streaming(SessionEnd end) => Connected(end) with { IsStreaming = true };

    private static SessionDecision.AfterPause After(TimeSpan pause) => new(pause);

    private sealed record Row(SessionState State, SessionEnd End, SessionState Next, SessionDecision Decision);
}
