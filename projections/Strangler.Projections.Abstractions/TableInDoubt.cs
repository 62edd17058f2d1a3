namespace Strangler.Projections;

/// <summary>
/// A table whose content isn't known for certain: the keys of all projections that read it miss.
/// </summary>
/// <param name="Table">Its schema and name.</param>
/// <param name="Why">What has to be fixed; null if nothing has to, because the table is about to be read again.</param>
public sealed record TableInDoubt(string Table, string? Why);
