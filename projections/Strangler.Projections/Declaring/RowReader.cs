using System.Linq.Expressions;
using System.Text.Json;

namespace Strangler.Projections.Declaring;

/// <summary>
/// Compiles, once per row type, the code that a person would write to read it: one pass over the JSON, one local per
/// column, the constructor at the end. No dictionary, boxing or reflection per row.
/// </summary>
internal static class RowReader
{
    private delegate object ReadRow(ref Utf8JsonReader reader);

    /// <summary>
    /// The reader of rows of <paramref name="shape"/>. It throws <see cref="RowReadException"/>, also if a column is
    /// missing: a missing value never becomes a default.
    /// </summary>
    /// <param name="table">The table, for the message.</param>
    public static Func<ReadOnlyMemory<byte>, object> Compile(RowShape shape, string table)
    {
        var read = Body(shape);
        return json =>
        {
            var reader = new Utf8JsonReader(json.Span);
            try
            {
                return read(ref reader);
            }
            catch (Exception exception) when (exception is RowReadException or JsonException)
            {
                throw new RowReadException(
                    $"A row of {table} cannot be read as {shape.Type.Name}. {exception.Message}",
                    exception
                );
            }
        };
    }

    private static ReadRow Body(RowShape shape)
    {
        var reader = Expression.Parameter(typeof(Utf8JsonReader).MakeByRefType(), "reader");
        var values = shape
            .Properties.Select(property => Expression.Variable(property.Property.PropertyType, property.Property.Name))
            .ToArray();
        var seen = shape
            .Properties.Select(property => Expression.Variable(typeof(bool), "has" + property.Property.Name))
            .ToArray();
        var names = new RowNames(shape.Properties.Select(property => property.Column.Name));
        var index = Expression.Variable(typeof(int), "index");
        var done = Expression.Label("done");

        var cases = shape
            .Properties.Select(
                (property, i) =>
                    Expression.SwitchCase(
                        Expression.Block(
                            typeof(void),
                            Expression.Assign(values[i], Value(property, reader)),
                            Expression.Assign(seen[i], Expression.Constant(true))
                        ),
                        Expression.Constant(i)
                    )
            )
            .ToArray();
        var loop = Expression.Loop(
            Expression.Block(
                Expression.IfThen(
                    Expression.Not(Expression.Call(typeof(RowNames), nameof(RowNames.Advance), null, reader)),
                    Expression.Break(done)
                ),
                Expression.Assign(
                    index,
                    Expression.Call(Expression.Constant(names), nameof(RowNames.Find), null, reader, index)
                ),
                Expression.Call(reader, nameof(Utf8JsonReader.Read), null),
                Expression.Switch(index, Expression.Call(reader, nameof(Utf8JsonReader.Skip), null), cases)
            ),
            done
        );
        var missing = shape.Properties.Select(
            (property, i) =>
                Expression.IfThen(
                    Expression.Not(seen[i]),
                    Expression.Call(
                        typeof(RowNames),
                        nameof(RowNames.Missing),
                        null,
                        Expression.Constant(property.Column)
                    )
                )
        );

        var arguments = shape.Constructor.GetParameters().Length;
        Expression made = Expression.New(shape.Constructor, values.Take(arguments));
        if (arguments < values.Length)
            made = Expression.MemberInit(
                (NewExpression)made,
                shape
                    .Properties.Skip(arguments)
                    .Select((property, i) => Expression.Bind(property.Property, values[arguments + i]))
            );

        var body = Expression.Block(
            [.. values, .. seen, index],
            [
                Expression.Call(typeof(RowNames), nameof(RowNames.Begin), null, reader),
                Expression.Assign(index, Expression.Constant(-1)),
                loop,
                .. missing,
                Expression.Convert(made, typeof(object)),
            ]
        );
        return Expression.Lambda<ReadRow>(body, reader).Compile();
    }

    /// <summary>Reads one column's value at the reader's current token.</summary>
    internal static Expression Value(RowProperty property, Expression reader)
    {
        var type = property.Property.PropertyType;
        var column = Expression.Constant(property.Column);
        Expression value;
        if (property.Column.Type.IsArray && property.Column.Type != typeof(byte[]))
        {
            var (method, element) = RowValues.Array(property.Column.Type.GetElementType()!, property.NullableElements);
            value = Expression.Call(method, reader, column, Expression.Constant(element));
        }
        else
        {
            value = Expression.Call(RowValues.Scalar(property.Column.Type)!, reader, column);
        }
        if (value.Type != type)
            value = Expression.Convert(value, type);
        if (!property.Column.Nullable)
            return value;
        return Expression.Condition(
            Expression.Equal(
                Expression.Property(reader, nameof(Utf8JsonReader.TokenType)),
                Expression.Constant(JsonTokenType.Null)
            ),
            Expression.Default(type),
            value
        );
    }
}
