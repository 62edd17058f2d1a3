namespace Strangler.CdcBridge.Snapshots;

/// <summary>
/// Debezium's word for a row's place in a snapshot. If several apply, the precedence is: first, last,
/// first_in_data_collection, last_in_data_collection, true; but a single row is <c>last</c>.
/// </summary>
internal static class SnapshotMarker
{
    public static string Of(bool first, bool last, bool firstInTable, bool lastInTable) =>
        (first, last, firstInTable, lastInTable) switch
        {
            (_, true, _, _) => "last",
            (true, _, _, _) => "first",
            (_, _, _, true) => "last_in_data_collection",
            (_, _, true, _) => "first_in_data_collection",
            _ => "true",
        };
}
