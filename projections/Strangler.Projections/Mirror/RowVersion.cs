using Strangler.ChangeLog;

namespace Strangler.Projections.Mirror;

/// <summary>A version of a row.</summary>
/// <param name="Pk">The key record's JSON text.</param>
/// <param name="Row">JSON text of the mirrored columns; null if deleted or not requested.</param>
/// <param name="From">The position from which it holds.</param>
/// <param name="Links">The link columns' values.</param>
internal sealed record RowVersion(string Pk, string? Row, Position From, string?[] Links);
