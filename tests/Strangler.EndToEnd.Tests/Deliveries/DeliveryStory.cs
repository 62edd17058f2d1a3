using System.Globalization;

namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>A history that a test invents, and how it is delivered.</summary>
internal sealed class DeliveryStory
{
    public const string Topic = "shop.public.item";

    private readonly List<RowChange> _initial = [];
    private readonly List<CommittedTransaction> _transactions = [];
    private readonly Dictionary<(string, string), string> _rows = [];
    private readonly Dictionary<int, long> _offsets = [];

    public CommittedHistory History => new(_initial, _transactions, _rows);

    /// <summary>The messages so far.</summary>
    public List<DeliveredEvent> Events { get; } = [];

    public static string Key(int id) => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}}}""");

    public static string Row(int id, int v) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}},"v":{{v}}}""");

    /// <summary>A row that is there before the snapshot.</summary>
    public void Begin(int id, int v) => _initial.Add(Apply(new RowChange(Topic, Key(id), "r", Row(id, v))));

    /// <summary>A transaction that commits.</summary>
    /// <param name="changes">Letter, key and value of each change.</param>
    public CommittedTransaction Commit(params (char Op, int Id, int V)[] changes)
    {
        var transaction = new CommittedTransaction(
            (uint)(_transactions.Count + 700),
            [
                .. changes.Select(one =>
                    Apply(new RowChange(Topic, Key(one.Id), $"{one.Op}", one.Op == 'd' ? "" : Row(one.Id, one.V)))
                ),
            ]
        );
        _transactions.Add(transaction);
        return transaction;
    }

    /// <summary>The events of the snapshot.</summary>
    public void Snapshot(int run)
    {
        foreach (var row in _initial)
            Send(run, row, 0, 0);
    }

    /// <summary>The events of transactions.</summary>
    public void Deliver(int run, params IEnumerable<CommittedTransaction> transactions)
    {
        foreach (var transaction in transactions)
        {
            foreach (var change in transaction.Changes)
            {
                // As 'source.sequence' has it: null before the first commit.
                Send(run, change, transaction.Xid, (transaction.Xid - 700) * 8);
                if (change.Op == "d")
                    Send(run, change with { Op = DeliveredEvent.Tombstone }, 0, 0);
            }
        }
    }

    private void Send(int run, RowChange change, uint xid, ulong lastCommit)
    {
        var partition = change.Key.Length % 2;
        var offset = _offsets[partition] = _offsets.GetValueOrDefault(partition, -1) + 1;
        Events.Add(
            new DeliveredEvent(
                Topic,
                partition,
                offset,
                string.Create(CultureInfo.InvariantCulture, $"run {run:D3}"),
                change.Key,
                change.Op,
                xid,
                lastCommit,
                change.Row,
                $"{xid} {change.Op} {change.Row}"
            )
        );
    }

    private RowChange Apply(RowChange change)
    {
        if (change.Op == "d")
            _rows.Remove((change.Topic, change.Key));
        else
            _rows[(change.Topic, change.Key)] = change.Row;
        return change;
    }
}
