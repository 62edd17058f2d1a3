namespace Strangler.Evidence.Storing;

/// <summary>An example that represents a path and kind of difference.</summary>
internal sealed record LineRow(string Path, string Kind, string Example);
