namespace Strangler.Evidence.Reports;

/// <summary>
/// Legacy changed without any declared row changing: parts that had matched were wrong with the same request and rows.
/// </summary>
/// <param name="Count">The parts.</param>
/// <param name="Key">The key of the first one; null: it has several.</param>
/// <param name="Request">Its method, path and query.</param>
/// <param name="MatchedAt">When it last matched.</param>
/// <param name="WrongAt">When it was wrong.</param>
public sealed record UndeclaredReport(
    long Count,
    string? Key,
    string Request,
    DateTimeOffset MatchedAt,
    DateTimeOffset WrongAt
);
