namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>The bytes of a <see cref="ControlBlock"/>.</summary>
internal static class BlockFormat
{
    public static void Write(FieldWriter to, ControlBlock block)
    {
        to.Number((long)block.Epoch);
        to.Count(block.Groups.Count);
        var commit = 0UL;
        foreach (var group in block.Groups)
        {
            to.Number(unchecked(group.Commit.Value - commit));
            to.Number(group.Xid);
            to.Number((long)group.Ordinal);
            to.Count(group.Count);
            commit = group.Commit.Value;
        }
        to.Count(block.Runs.Count);
        foreach (var run in block.Runs)
        {
            to.Count(run.Place + 1);
            to.Byte((byte)run.Kind);
            to.Count(run.Count);
        }
        to.Count(block.Places.Count);
        foreach (var place in block.Places)
            Write(to, place);
        to.Count(block.Inlines.Count);
        foreach (var inline in block.Inlines)
            Write(to, inline);
    }

    public static ControlBlock Read(ref FieldReader from)
    {
        var epoch = from.Small();
        var groups = new RecordGroup[from.Count()];
        var commit = 0UL;
        foreach (ref var group in groups.AsSpan())
        {
            commit = unchecked(commit + from.Number());
            group = new RecordGroup(new Lsn(commit), from.Number(), from.Small(), from.Amount());
        }
        var runs = new RecordRun[from.Count()];
        foreach (ref var run in runs.AsSpan())
            run = new RecordRun((int)Math.Min(from.Number(), int.MaxValue) - 1, Kind(from.Byte()), from.Amount());
        var places = new DataPlace[from.Count()];
        foreach (ref var place in places.AsSpan())
            place = ReadPlace(ref from);
        var inlines = new InlineRecord[from.Count()];
        foreach (ref var inline in inlines.AsSpan())
            inline = ReadInline(ref from);
        return Checked(new ControlBlock(epoch, groups, runs, places, inlines));
    }

    private static void Write(FieldWriter to, DataPlace place)
    {
        to.Text(place.Topic);
        to.Number((long)place.Partition);
        to.Count(place.Ranges.Count);
        var next = 0L;
        foreach (var range in place.Ranges)
        {
            to.Number(range.First - next);
            to.Count(range.Count);
            next = range.Next;
        }
        to.Fixed(place.Checksum);
    }

    private static DataPlace ReadPlace(ref FieldReader from)
    {
        var (topic, partition) = (from.Text(), from.Small());
        var ranges = new OffsetRange[from.Count()];
        var next = 0L;
        foreach (ref var range in ranges.AsSpan())
        {
            range = new OffsetRange(next + from.Signed(), from.Amount());
            if (range.First < next)
                throw FieldReader.Malformed("offsets go back");
            next = range.Next;
        }
        return new DataPlace(topic, partition, ranges, from.Fixed());
    }

    private static void Write(FieldWriter to, InlineRecord inline)
    {
        to.Text(inline.Topic);
        to.Optional(inline.Key);
        to.Count(inline.Headers.Count);
        foreach (var header in inline.Headers)
        {
            to.Text(header.Name);
            to.Optional(header.Value);
        }
        to.Optional(inline.Value);
    }

    private static InlineRecord ReadInline(ref FieldReader from)
    {
        var (topic, key) = (from.Text(), from.OptionalBytes());
        var headers = new LogHeader[from.Count()];
        foreach (ref var header in headers.AsSpan())
            header = new LogHeader(from.Text(), from.OptionalText());
        return new InlineRecord(topic, key, headers, from.OptionalBytes());
    }

    private static LogRecordKind Kind(byte number) =>
        Enum.IsDefined((LogRecordKind)number)
            ? (LogRecordKind)number
            : throw FieldReader.Malformed($"it has a record of the unknown kind {number}");

    /// <summary>The runs and places tell as many records as the groups do.</summary>
    private static ControlBlock Checked(ControlBlock block)
    {
        var held = new long[block.Places.Count + 1];
        foreach (var run in block.Runs)
        {
            if (run.Place >= block.Places.Count)
                throw FieldReader.Malformed("a run names a place that it doesn't have");
            held[run.Place + 1] += run.Count;
        }
        var isWhole =
            held.Sum() == block.Groups.Sum(group => (long)group.Count)
            && held[0] == block.Inlines.Count
            && block
                .Places.Index()
                .All(place => held[place.Index + 1] == place.Item.Ranges.Sum(one => (long)one.Count));
        return isWhole ? block : throw FieldReader.Malformed("its runs don't tell all of its records");
    }
}
