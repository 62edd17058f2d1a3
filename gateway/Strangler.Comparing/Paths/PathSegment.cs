namespace Strangler.Comparing.Paths;

/// <summary>One step of a path: a name or an index; a wildcard if it has neither.</summary>
/// <param name="Descendant">Whether it follows <c>..</c>: at any depth below.</param>
/// <param name="Name">The member's name.</param>
/// <param name="Index">The element's index; if negative it counts from the end.</param>
internal readonly record struct PathSegment(bool Descendant, string? Name, int? Index)
{
    public bool IsWildcard => Name is null && Index is null;
}
