namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>
/// Records in order, without the content of those that are in a topic. Their positions and their places are told in
/// runs, each for itself.
/// </summary>
/// <param name="Epoch">The epoch of all of them.</param>
/// <param name="Groups">Their transactions and ordinals.</param>
/// <param name="Runs">Their kinds and places.</param>
/// <param name="Places">The partitions that hold them; the records of a place are in the order of its offsets.</param>
/// <param name="Inlines">The content of those that are in no topic.</param>
internal sealed record ControlBlock(
    int Epoch,
    IReadOnlyList<RecordGroup> Groups,
    IReadOnlyList<RecordRun> Runs,
    IReadOnlyList<DataPlace> Places,
    IReadOnlyList<InlineRecord> Inlines
)
{
    public static readonly ControlBlock Empty = new(0, [], [], [], []);

    public int Count => Groups.Sum(group => group.Count);

    /// <summary>The position of the last record; null if there is none.</summary>
    public Position? Last =>
        Groups is [.., var last] ? new Position(Epoch, last.Commit, last.Ordinal + last.Count - 1) : (Position?)null;

    /// <summary>The records in order.</summary>
    public IEnumerable<BlockEntry> Entries()
    {
        var (run, left) = (0, Runs.Count == 0 ? 0 : Runs[0].Count);
        foreach (var group in Groups)
        {
            for (var index = 0; index < group.Count; index++)
            {
                if (left == 0)
                    left = Runs[++run].Count;
                left--;
                yield return new BlockEntry(
                    new Position(Epoch, group.Commit, group.Ordinal + index),
                    group.Xid,
                    Runs[run].Kind,
                    Runs[run].Place
                );
            }
        }
    }
}
