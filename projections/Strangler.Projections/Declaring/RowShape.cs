using System.ComponentModel.DataAnnotations.Schema;
using System.Reflection;
using Strangler.Foundation.Faults;

namespace Strangler.Projections.Declaring;

/// <summary>The parts of a row type: its constructor and the properties that map to columns.</summary>
/// <param name="Type">The row type.</param>
/// <param name="Constructor">The constructor, whose parameters are all in <paramref name="Properties"/>.</param>
/// <param name="Properties">
/// The properties that map to columns: the constructor's first, in its order, then those that are set.
/// </param>
internal sealed record RowShape(Type Type, ConstructorInfo Constructor, IReadOnlyList<RowProperty> Properties)
{
    /// <summary>
    /// Reads the shape of a row type: a record with a primary constructor, or a class with settable (<c>init</c>,
    /// <c>required</c>) properties. Properties that are computed, or marked <c>[NotMapped]</c>, map to no column.
    /// </summary>
    /// <param name="path">The declaration's path, for faults.</param>
    /// <param name="faults">Receives the type's faults.</param>
    /// <returns>Null if there are faults.</returns>
    public static RowShape? Of(Type type, string path, List<Fault> faults)
    {
        if (type.IsAbstract)
        {
            faults.Add(
                new(path, $"The row type {type.Name} is abstract.", "Use a record or a class that can be created.")
            );
            return null;
        }
        var all = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property =>
                property.GetIndexParameters().Length == 0 && property.GetCustomAttribute<NotMappedAttribute>() is null
            )
            .ToList();
        var constructor = type.GetConstructors()
            .OrderByDescending(candidate => candidate.GetParameters().Length)
            .FirstOrDefault(candidate =>
                candidate.GetParameters().All(parameter => Matching(parameter, all) is not null)
            );
        if (constructor is null)
        {
            faults.Add(
                new(
                    path,
                    $"The row type {type.Name} has no public constructor whose parameters are all its properties.",
                    "Use a record with a primary constructor, "
                        + "or a class with init properties and a constructor without parameters."
                )
            );
            return null;
        }

        var context = new NullabilityInfoContext();
        var given = constructor.GetParameters().Select(parameter => Matching(parameter, all)!).ToList();
        var properties = given
            .Concat(all.Where(property => !given.Contains(property) && property.SetMethod is { IsPublic: true }))
            .Select(property => RowProperty.Of(property, context))
            .ToList();
        var before = faults.Count;
        if (properties.Count == 0)
            faults.Add(
                new(
                    path,
                    $"The row type {type.Name} has no property that maps to a column.",
                    "Give it a property for each column that the projection reads."
                )
            );
        faults.AddRange(
            properties
                .Where(property => !RowValues.Supports(property))
                .Select(property => new Fault(
                    path,
                    $"{type.Name}.{property.Property.Name} has the type "
                        + $"{TypeName.Of(property.Property.PropertyType)}, which isn't supported for columns.",
                    "Use bool, short, int, long, float, double, decimal, string, Guid, DateOnly, "
                        + "TimeOnly, DateTime, DateTimeOffset, byte[], an enum, or an array of these; "
                        + "mark what is not a column with [NotMapped]."
                ))
        );
        faults.AddRange(
            properties
                .GroupBy(property => property.Column.Name)
                .Where(group => group.Count() > 1)
                .Select(group => new Fault(
                    path,
                    $"{string.Join(" and ", group.Select(property => $"{type.Name}.{property.Property.Name}"))} "
                        + $"map to the same column '{group.Key}'.",
                    "Keep one, or name its column with [Column]."
                ))
        );
        return faults.Count == before ? new(type, constructor, properties) : null;
    }

    private static PropertyInfo? Matching(ParameterInfo parameter, List<PropertyInfo> properties) =>
        properties.Find(property =>
            string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
            && property.PropertyType == parameter.ParameterType
        );
}
