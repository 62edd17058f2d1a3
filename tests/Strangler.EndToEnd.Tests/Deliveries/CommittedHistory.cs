namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>What the database has committed, known from its clients and its rows, and not from its log.</summary>
/// <param name="Initial">The rows that were there at the snapshot.</param>
/// <param name="Transactions">
/// All that committed after it; those that changed the same key are in the order of their commits.
/// </param>
/// <param name="Rows">The rows of all tables at the end, by topic and key.</param>
internal sealed record CommittedHistory(
    IReadOnlyList<RowChange> Initial,
    IReadOnlyList<CommittedTransaction> Transactions,
    IReadOnlyDictionary<(string Topic, string Key), string> Rows
);
