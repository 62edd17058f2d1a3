namespace Strangler.CdcBridge.Configuration;

/// <summary>The order of tables in a snapshot (<c>snapshot.tables.order.by.row.count</c>).</summary>
internal enum RowCountOrder
{
    /// <summary>That of their names.</summary>
    None,

    /// <summary>Small tables first.</summary>
    Ascending,

    /// <summary>Large tables first.</summary>
    Descending,
}
