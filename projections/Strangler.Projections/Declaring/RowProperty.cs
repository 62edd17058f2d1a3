using System.Reflection;

namespace Strangler.Projections.Declaring;

/// <summary>A property that maps to a column.</summary>
/// <param name="Property">The property.</param>
/// <param name="Column">The column.</param>
/// <param name="NullableElements">Whether the elements of an array may be null.</param>
internal sealed record RowProperty(PropertyInfo Property, DeclaredColumn Column, bool NullableElements)
{
    public static RowProperty Of(PropertyInfo property, NullabilityInfoContext context)
    {
        var nullability = context.Create(property);
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return new(
            property,
            new DeclaredColumn(ColumnNameConvention.Of(property), type, TakesNull(nullability), property.Name),
            nullability.ElementType is { } element && TakesNull(element)
        );

        // A type compiled without nullable annotations doesn't say; assume that it accepts nulls.
        static bool TakesNull(NullabilityInfo info) =>
            info.Type.IsValueType
                ? Nullable.GetUnderlyingType(info.Type) is not null
                : info.ReadState != NullabilityState.NotNull;
    }
}
