using Strangler.ChangeLog;
using Strangler.Gateway.Freshness;
using Strangler.Gateway.Shadowing;
using Strangler.Projections;

namespace Strangler.Gateway.Tests.Freshness;

/// <summary>
/// A model of source, bridge, projections and gateway, whose steps come in any order: records that are written but not
/// visible yet, commits that return before they are on disk, transactions that stay open, writes that no stream shows,
/// tables that are altered without a row event. Only what is decided about a read is the product's.
/// </summary>
internal sealed class FreshnessWorld
{
    private const string Server = "run";
    private readonly List<SourceTransaction> _transactions = [];
    private readonly List<Read> _reads = [];
    private ulong _insert = 1_000,
        _flushed = 1_000,
        _streamed = 1_000,
        _applied = 1_000;
    private (ulong Floor, Read[] For)? _floor;
    private LookTarget? _last;
    private (string Snapshot, int Known)? _looking;
    private CatalogueLook? _catalogue;
    private readonly List<(SourceTransaction Of, ulong At)> _told = []; // where the log tells of an alteration

    private sealed record SourceTransaction(ulong Xid, bool Alters)
    {
        public ulong? Commit { get; set; }
        public bool IsVisible { get; set; }
        public bool HasReturned { get; set; }
    }

    private sealed record Read(IReadOnlyList<SourceTransaction> Before)
    {
        public LookTarget? Target { get; set; }
    }

    /// <summary>How many reads were answered from documents, and what one of them missed.</summary>
    public (int Answered, string? Missed) Result { get; private set; }

    public void Step(int step, int choice)
    {
        switch (step)
        {
            case 0:
                _transactions.Add(new SourceTransaction((ulong)_transactions.Count, choice % 4 == 0));
                break;
            case 1: // an open transaction, or a table that nobody publishes
                _insert += 8 * (ulong)(1 + choice % 5);
                break;
            case 2 when Some(one => one.Commit is null) is { } open:
                open.Commit = _insert;
                _insert += 32;
                break;
            case 3 when Some(one => one is { Commit: not null, IsVisible: false }) is { } written:
                written.IsVisible = true;
                break;
            case 4 when Some(one => one is { IsVisible: true, HasReturned: false }) is { } visible:
                visible.HasReturned = true;
                break;
            case 5:
                _flushed = Between(_flushed, _insert, choice);
                break;
            case 6:
                _streamed = Between(_streamed, _flushed, choice);
                break;
            case 7:
                _applied = Between(_applied, _streamed, choice);
                break;
            case 8:
                _reads.Add(new Read([.. _transactions.Where(one => one.HasReturned)]));
                break;
            case 9 when _floor is null:
                _floor = (_insert, [.. _reads.Where(read => read.Target is null)]);
                break;
            case 10 when _floor is var (floor, reads):
                var look = new SourceLook(new Lsn(floor), Snapshot(), new Lsn(_insert));
                _last = LookTarget.Of(new TakenLook(1, 2, 1, look, Server), _last);
                foreach (var read in reads)
                    read.Target = _last;
                _floor = null;
                break;
            case 11 when _looking is null:
                _looking = (Snapshot(), _told.Count);
                break;
            case 12 when _looking is var (snapshot, known):
                _looking = null;
                LookAtCatalogue(snapshot, known);
                break;
            case 13 when _reads.Count > 0:
                Answer(_reads[choice % _reads.Count]);
                break;
        }

        SourceTransaction? Some(Func<SourceTransaction, bool> holds)
        {
            var found = _transactions.Where(holds).ToList();
            return found.Count == 0 ? null : found[choice % found.Count];
        }
    }

    /// <summary>An alteration that isn't known yet is told at the log's next point.</summary>
    private void LookAtCatalogue(string snapshot, int known)
    {
        var news = _transactions
            .Where(one => one is { Alters: true, IsVisible: true } && _told.All(told => told.Of != one))
            .ToList();
        if (news.Count == 0 && known == _told.Count)
            _catalogue = new CatalogueLook("shop", Through(known == 0 ? 1_000 : _told[^1].At + 1), Server, snapshot);
        foreach (var one in news)
        {
            _told.Add((one, _insert));
            _insert += 32;
        }
    }

    private void Answer(Read read)
    {
        var watermark = new Watermark("shop", Through(_applied), DateTimeOffset.UnixEpoch)
        {
            Verification = new SourceVerification(1, Server),
        };
        if (read.Target is not { } target || FreshnessRule.Of(target, _catalogue)?.IsMetBy(watermark) != true)
            return;
        var missed = read.Before.FirstOrDefault(one => one.Commit >= _applied);
        // who has applied that a table was altered answers nothing from it
        var unknown = read.Before.FirstOrDefault(one =>
            one.Alters && !_told.Any(told => told.Of == one && told.At < _applied)
        );
        Result = (Result.Answered + 1, Result.Missed ?? (missed ?? unknown)?.ToString());
        _reads.Remove(read);
    }

    private string Snapshot()
    {
        var end = _transactions.FindLastIndex(one => one.IsVisible) + 1;
        var open = _transactions.Take(end).Where(one => !one.IsVisible).Select(one => one.Xid);
        return $"0:{end}:{string.Join(',', open)}";
    }

    private static Position Through(ulong before) => Position.EndOf(1, new Lsn(before).JustBefore);

    private static ulong Between(ulong from, ulong to, int choice) =>
        choice % 2 == 0 ? to : from + ((to - from) / 2 & ~7UL);
}
