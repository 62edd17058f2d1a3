using System.Text;
using Strangler.ChangeLog;
using Strangler.Comparing.Rules;
using Strangler.Comparing.Verdicts;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Shadowing;
using Strangler.Projections;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>A comparison whose source, moments and legacy answers a test sets.</summary>
public abstract class ComparisonRunBench : ISourceLooks, ILegacyReplay, IHeaderProbe
{
    private protected static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private protected readonly FakeMoments _moments = new();
    private protected readonly Queue<LegacyAnswer> _answers = new();
    private protected readonly List<int> _pauses = [];
    private protected readonly List<string> _headers = [];
    private protected readonly List<string> _without = [];
    private protected int _leave = 100;
    private protected int _asked;
    private int _generation = 1;
    private protected int _breaksAfterLooks = int.MaxValue;
    private protected long _now = 1_000;
    private protected bool _keeps;
    private protected bool _isVerified = true;
    private protected const string Server = "then";

    TakenLook? ISourceLooks.Before(long timestamp, TimeSpan back) => Look();

    ValueTask<TakenLook?> ISourceLooks.AfterAsync(long timestamp, CancellationToken cancellationToken) => new(Look());

    ValueTask<TakenLook?> ISourceLooks.LookAsync(CancellationToken cancellationToken) => new(Look());

    bool ISourceLooks.IsVerified(TakenLook look) => _isVerified && look.Server == Server;

    (TakenLook Oldest, TakenLook Newest)? ISourceLooks.Kept() =>
        _keeps ? (new TakenLook(0, 0, 1, new SourceLook(default, "", default), Server), Look()) : null;

    ValueTask<bool> ILegacyReplay.MayAskAsync(CancellationToken cancellationToken) => new(_leave-- > 0);

    ValueTask<LegacyAnswer> ILegacyReplay.AskAsync(CancellationToken cancellationToken)
    {
        _asked++;
        return new(_answers.Dequeue());
    }

    IReadOnlyList<string> IHeaderProbe.Unknown => _headers;

    ValueTask<LegacyAnswer> IHeaderProbe.AskWithoutAsync(
        IReadOnlyCollection<string> headers,
        CancellationToken cancellationToken
    )
    {
        _without.Add(string.Join(',', headers));
        return new(_answers.Dequeue());
    }

    ValueTask ILegacyReplay.PauseAsync(int round, CancellationToken cancellationToken)
    {
        _pauses.Add(round);
        return default;
    }

    private TakenLook Look()
    {
        if (_breaksAfterLooks-- <= 0)
            _generation = 2;
        return new TakenLook(_now, ++_now, _generation, new SourceLook(new Lsn(1), "1:2:", new Lsn(2)), Server);
    }

    private protected void Moments(string?[] documents) =>
        _moments.Instead = (_, _) => Task.FromResult<BracketFound>(FakeMoments.Of(FakeMoments.Key("7", documents)));

    private protected void Answer(string json) => _answers.Enqueue(Legacy(json));

    private LegacyAnswer Legacy(string json) =>
        new(_now, _now, Noon, Noon, Projections.Answer.Json(200, Encoding.UTF8.GetBytes(json)), null);

    private protected async Task<Verdict> VerdictAsync(string legacy) => Assert.Single(await RunAsync(legacy)).Verdict;

    private protected Task<IReadOnlyList<PartVerdict>> RunAsync(string legacy) =>
        RunAsync(legacy, ComparisonRules.Exact, "7");

    private protected async Task<IReadOnlyList<PartVerdict>> RunAsync(
        string legacy,
        ComparisonRules rules,
        params string[] keys
    )
    {
        var judging = new VerdictEvaluator(
            rules,
            key => key,
            candidate => new(new CandidateAnswer(Respond(candidate), null))
        );
        return await new ComparisonRun(
            ShadowModel.Default,
            new ProjectionId("Items", "v1"),
            keys,
            judging,
            _moments,
            this,
            this,
            new FormDiagnosis(
                ShadowModel.Default,
                new FakeResponder(),
                new AnswerRequest("GET", new Dictionary<string, string>(), new Dictionary<string, string>(), null),
                _ => judging,
                _moments,
                this,
                this,
                this
            )
        ).RunAsync(
            Legacy(legacy),
            new TakenLook(0, 0, 1, new SourceLook(new Lsn(1), "1:2:", new Lsn(2)), Server),
            CancellationToken.None
        );
    }

    private static Answer Respond(Candidate candidate)
    {
        var texts = candidate
            .Documents.Where(document => document.Bytes is not null)
            .Select(document => Encoding.UTF8.GetString(document.Bytes!.Value.Span))
            .ToList();
        return Projections.Answer.Json(
            200,
            Encoding.UTF8.GetBytes(
                candidate.Documents.Count == 1 ? texts[0] : $$"""{"items":[{{string.Join(',', texts)}}]}"""
            )
        );
    }
}
