using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Strangler.Projections.Declaring;

/// <summary>
/// Reads what can be read of a row that <see cref="RowReader"/> refuses, column by column. Slow, and rare.
/// </summary>
internal sealed class PartialRowReader(RowShape shape)
{
    private readonly Lazy<ReadOne[]> _readers = new(() => [.. shape.Properties.Select(Compile)]);

    private delegate object? ReadOne(ref Utf8JsonReader reader);

    /// <exception cref="JsonException">The text isn't a JSON object.</exception>
    public PartialRow Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var unreadable = new HashSet<string>(StringComparer.Ordinal);
        var values = new object?[shape.Properties.Count];
        foreach (var (index, property) in shape.Properties.Index())
        {
            if (
                document.RootElement.TryGetProperty(property.Column.Name, out var value)
                && TryRead(_readers.Value[index], value, out values[index])
            )
                continue;
            unreadable.Add(property.Column.Name);
            var type = property.Property.PropertyType;
            values[index] = type.IsValueType ? Activator.CreateInstance(type) : null;
        }
        return new PartialRow(Make(values), unreadable);
    }

    private static bool TryRead(ReadOne read, JsonElement value, out object? result)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value));
        reader.Read();
        try
        {
            result = read(ref reader);
            return true;
        }
        catch (Exception exception) when (exception is RowReadException or JsonException or InvalidOperationException)
        {
            result = null;
            return false;
        }
    }

    private object? Make(object?[] values)
    {
        var count = shape.Constructor.GetParameters().Length;
        try
        {
            var row = shape.Constructor.Invoke(values[..count]);
            foreach (var (property, value) in shape.Properties.Zip(values).Skip(count))
                property.Property.SetValue(row, value);
            return row;
        }
        catch (TargetInvocationException)
        {
            return null; // the type refuses the default
        }
    }

    private static ReadOne Compile(RowProperty property)
    {
        var reader = Expression.Parameter(typeof(Utf8JsonReader).MakeByRefType(), "reader");
        var value = Expression.Convert(RowReader.Value(property, reader), typeof(object));
        return Expression.Lambda<ReadOne>(value, reader).Compile();
    }
}
