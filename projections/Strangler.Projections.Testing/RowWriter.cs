using System.Globalization;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using System.Text.Json;
using Strangler.Projections.Declaring;

namespace Strangler.Projections.Testing;

/// <summary>Writes a row of a team's type as the log has it: what <see cref="RowValues"/> reads.</summary>
internal sealed class RowWriter(Type type)
{
    private readonly IReadOnlyList<RowProperty> _properties = RowShape.Of(type, type.Name, [])!.Properties;

    public string Json(object row)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var property in _properties)
            {
                json.WritePropertyName(property.Column.Name);
                Write(json, property.Property.GetValue(row));
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case float number when !float.IsFinite(number):
                json.WriteStringValue(Word(number));
                break;
            case double number when !double.IsFinite(number):
                json.WriteStringValue(Word(number));
                break;
            case float number:
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case short or int or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case byte[] bytes:
                json.WriteBase64StringValue(bytes);
                break;
            case Enum constant:
                json.WriteStringValue(EnumText(constant));
                break;
            case Array elements:
                json.WriteStartArray();
                foreach (var element in elements)
                    Write(json, element);
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Text(value));
                break;
        }
    }

    private static string Text(object value) =>
        value switch
        {
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            TimeOnly time => time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
            DateTime timestamp => timestamp.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + "Z",
            DateTimeOffset instant => Text(instant.UtcDateTime),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => (string)value,
        };

    private static string Word(double number) =>
        double.IsNaN(number) ? "NaN"
        : number > 0 ? "Infinity"
        : "-Infinity";

    private static string EnumText(Enum constant)
    {
        var name = constant.ToString();
        return constant.GetType().GetField(name)?.GetCustomAttribute<EnumMemberAttribute>()?.Value ?? name;
    }
}
