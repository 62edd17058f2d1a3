namespace Strangler.Projections.Testing;

/// <summary>A made-up history of tables at whose end they hold the given rows.</summary>
internal static class ChangeHistory
{
    /// <summary>
    /// Each row arrives at some time, often after a version with the values of another row, sometimes after a deletion;
    /// other rows come and go. Changes of one row keep their order.
    /// </summary>
    public static IReadOnlyList<RowChange> Of(IReadOnlyList<GivenRow> rows, Random random)
    {
        var queues = GivenRowSet.Keyed(rows).Select(row => new Queue<RowChange>(Of(row.Row, row.Key))).ToList();
        queues.AddRange(rows.Where(_ => random.Next(3) == 0).Select((row, index) => Passing(row, index)));
        var changes = new List<RowChange>();
        while (queues.Count > 0)
        {
            var queue = queues[random.Next(queues.Count)];
            changes.Add(queue.Dequeue());
            if (queue.Count == 0)
                queues.Remove(queue);
        }
        return changes;

        IEnumerable<RowChange> Of(GivenRow row, string key)
        {
            if (random.Next(2) == 0)
                yield return new(row.Table, key, Other(row));
            if (random.Next(4) == 0)
                yield return new(row.Table, key, null);
            yield return new(row.Table, key, row.Json);
        }

        string Other(GivenRow row)
        {
            var others = rows.Where(other => other.Table == row.Table).ToList();
            return others[random.Next(others.Count)].Json;
        }

        Queue<RowChange> Passing(GivenRow row, int index)
        {
            var key = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{{\"passing\":{index}}}");
            return new([new(row.Table, key, row.Json), new(row.Table, key, null)]);
        }
    }
}
