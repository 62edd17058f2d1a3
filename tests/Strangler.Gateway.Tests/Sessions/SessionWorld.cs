using Strangler.ChangeLog;
using Strangler.Gateway.Sessions;
using Strangler.Gateway.Shadowing;
using Strangler.Projections;

namespace Strangler.Gateway.Tests.Sessions;

/// <summary>
/// A model of a source that is sometimes put back to an older state, documents that follow it through epochs, two
/// gateways that know them late, and callers who carry tokens from one to the other. Only what is decided about tokens
/// is the product's.
/// </summary>
internal sealed class SessionWorld
{
    private const string Source = "shop";
    private const int Callers = 2;
    private static readonly SessionKeySet Keys = SessionKeySet.Of([new SessionKey(1, new byte[32], TimeSpan.Zero)])!;

    private readonly List<Commit> _commits = [];
    private readonly Known[] _known = [new(1, 1_000, 1), new(1, 1_000, 1)];
    private readonly List<string>[] _tokens =
    [
        [],
        [],
    ];
    private readonly ulong[] _heads = [0, 0];
    private ulong _insert = 1_000;
    private int _run = 1;

    /// <summary>The documents: their epoch, how far they are in it, and which run's history it is.</summary>
    private Known _documents = new(1, 1_000, 1);

    /// <summary>The first epoch of the source's history. Documents of earlier ones aren't answered from.</summary>
    private int _trusted = 1;

    private sealed record Known(int Epoch, ulong Reach, int Run);

    private sealed record Commit(ulong At, int Run)
    {
        /// <summary>The callers who have a token for it.</summary>
        public HashSet<int> For { get; } = [];
    }

    /// <summary>How many reads were answered from documents, and what one of them missed.</summary>
    public (int Answered, string? Missed) Result { get; private set; }

    public void Step(int step, int choice)
    {
        var (caller, gateway) = (choice % Callers, choice / Callers % 2);
        switch (step)
        {
            case 0 or 1:
                _commits.Add(new Commit(_insert, _run));
                _insert += 8 * (ulong)(1 + choice % 3);
                break;
            case 2 or 3:
                Give(caller, gateway, choice);
                break;
            case 4 when _documents.Run == _run:
                _documents = _documents with
                {
                    Reach = _documents.Reach + (_insert - _documents.Reach) / (ulong)(1 + choice % 2),
                };
                break;
            case 5:
                _known[gateway] = _documents;
                break;
            case 6: // begins with a snapshot of some time ago, or of now
                _documents = new(_documents.Epoch + 1, Math.Max(1_000, _insert - 8 * (ulong)(choice % 4)), _run);
                _trusted = _documents.Epoch;
                break;
            case 7 when choice % 8 == 0: // put back: what was committed later is gone, and its LSNs are used again
                _insert = Math.Max(1_000, _insert - 80);
                _commits.RemoveAll(commit => commit.At >= _insert);
                _run++;
                _trusted = int.MaxValue;
                break;
            case 8 or 9:
                Read(caller, gateway);
                break;
        }
    }

    private bool IsTrusted => _documents.Epoch >= _trusted;

    /// <summary>Legacy has answered a caller through a gateway, which looks at the source.</summary>
    private void Give(int caller, int gateway, int choice)
    {
        var known = _known[gateway];
        if (known.Run != _run || known.Reach > _insert || !IsTrusted)
            return; // not verified: the token would say legacy only, and nothing would be read from documents
        _heads[gateway] = _insert;
        var before = Read(caller);
        var token = before.At(SessionPosition.Of(Source, known.Epoch, new Lsn(_insert)));
        var text = TokenCodec.Write(token, Keys.Signing);
        // a client that sends two of them hasn't got the newest one always first
        if (choice % 3 == 0)
            _tokens[caller] = [.. _tokens[caller].TakeLast(1).Prepend(text)];
        else
            _tokens[caller] = [text];
        foreach (var commit in _commits)
            commit.For.Add(caller);
    }

    private void Read(int caller, int gateway)
    {
        var (token, known) = (Read(caller), _known[gateway]);
        var applied = Through(known);
        var required = SessionRule.Of(
            token,
            Source,
            applied,
            new Lsn(_heads[gateway]),
            DateTimeOffset.UnixEpoch,
            TimeSpan.FromMinutes(1)
        ) switch
        {
            SessionNeed.Documents documents => documents.Required,
            SessionNeed.Look when known.Run == _run && known.Reach <= _insert => SessionRule.After(
                token,
                Source,
                applied,
                new TakenLook(1, 2, 1, new SourceLook(new Lsn(_insert), "1:1:", new Lsn(_insert)), Name(_run)),
                new Lsn(_insert)
            ),
            _ => null,
        };
        var watermark = new Watermark(Source, Through(_documents), DateTimeOffset.UnixEpoch)
        {
            Verification = IsTrusted ? new SourceVerification(1, Name(_run)) : null,
        };
        if (required is null || !IsTrusted || !required.IsMetBy(watermark))
            return;
        var missed = _commits.FirstOrDefault(commit => commit.For.Contains(caller) && commit.At >= _documents.Reach);
        Result = (Result.Answered + 1, Result.Missed ?? missed?.ToString());
    }

    private SessionToken Read(int caller) => new SessionFeature(_tokens[caller]).Read(Keys).Token;

    private static Position Through(Known known) => Position.EndOf(known.Epoch, new Lsn(known.Reach).JustBefore);

    private static string Name(int run) => $"run {run}";
}
