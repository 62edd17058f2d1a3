namespace Strangler.Gateway;

/// <summary>How long the first read of the stages may delay serving.</summary>
/// <param name="Limit">Null for <see cref="FirstStageRead.Limit"/>.</param>
internal sealed record FirstReadLimit(TimeSpan? Limit);
