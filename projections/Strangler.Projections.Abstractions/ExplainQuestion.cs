using Strangler.ChangeLog;

namespace Strangler.Projections;

/// <summary>Asks why a key has its document.</summary>
/// <param name="Projection">The projection and its version.</param>
/// <param name="Key">In canonical text.</param>
/// <param name="Position">The end of a transaction that is applied and within the kept history.</param>
/// <param name="Clock">f's clock.</param>
/// <param name="MaxChanges">The maximum number of row changes to undo, newest first.</param>
public sealed record ExplainQuestion(
    ProjectionId Projection,
    string Key,
    Position Position,
    DateTimeOffset Clock,
    int MaxChanges = 100
);
