namespace Strangler.Projections.Storing;

/// <summary>A statement with its positional parameters.</summary>
internal sealed record Statement(string Sql, object?[] Values);
