namespace Strangler.Projections.Declaring;

/// <summary>A column that a row type names.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">The property's type, without <c>Nullable</c>.</param>
/// <param name="Nullable">Whether the property takes a null.</param>
/// <param name="Property">The property's name, for faults.</param>
internal sealed record DeclaredColumn(string Name, Type Type, bool Nullable, string Property);
