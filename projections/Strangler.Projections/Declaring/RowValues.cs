using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Strangler.Projections.Declaring;

/// <summary>
/// Reads each supported type from the log's forms: numbers as numbers (NaN and infinities as words), numeric as text,
/// dates and times in ISO 8601 with a Z, bytea in base64, enums as text, arrays as arrays. A string accepts any of them
/// unchanged. A value that the type can't hold is a <see cref="RowReadException"/>, never a default.
/// </summary>
internal static class RowValues
{
    private static readonly Dictionary<Type, MethodInfo> Scalars = new[]
    {
        nameof(Boolean),
        nameof(Int16),
        nameof(Int32),
        nameof(Int64),
        nameof(Single),
        nameof(Double),
        nameof(Decimal),
        nameof(String),
        nameof(Guid),
        nameof(Date),
        nameof(Time),
        nameof(Timestamp),
        nameof(Instant),
        nameof(Bytes),
    }
        .Select(name => typeof(RowValues).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!)
        .ToDictionary(method => method.ReturnType);

    public static bool Supports(RowProperty property)
    {
        var type = property.Column.Type;
        if (type.IsArray && type != typeof(byte[]))
            type = Nullable.GetUnderlyingType(type.GetElementType()!) ?? type.GetElementType()!;
        return Scalar(type) is not null;
    }

    /// <summary>The method that reads a single non-null value: <c>(ref Utf8JsonReader, ColumnModel)</c>.</summary>
    public static MethodInfo? Scalar(Type type) =>
        Scalars.TryGetValue(type, out var method) ? method
        : type.IsEnum ? Generic(nameof(Enumeration), type)
        : null;

    /// <summary>The delegate that reads an array's elements, and the method that takes it.</summary>
    public static (MethodInfo Read, Delegate Element) Array(Type elementType, bool nullable)
    {
        var type = Nullable.GetUnderlyingType(elementType) ?? elementType;
        var element = Scalar(type)!.CreateDelegate(typeof(ReadValue<>).MakeGenericType(type));
        var method =
            elementType != type ? nameof(NullableArray)
            : nullable && !type.IsValueType ? nameof(ReferenceArray)
            : nameof(FullArray);
        return (Generic(method, type), element);
    }

    private static MethodInfo Generic(string name, Type type) =>
        typeof(RowValues).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type);

    private static bool Boolean(ref Utf8JsonReader reader, DeclaredColumn column) =>
        reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => throw Unfit(ref reader, column),
        };

    private static short Int16(ref Utf8JsonReader reader, DeclaredColumn column) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt16(out var value)
            ? value
            : throw Unfit(ref reader, column);

    private static int Int32(ref Utf8JsonReader reader, DeclaredColumn column) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value)
            ? value
            : throw Unfit(ref reader, column);

    private static long Int64(ref Utf8JsonReader reader, DeclaredColumn column) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value)
            ? value
            : throw Unfit(ref reader, column);

    private static float Single(ref Utf8JsonReader reader, DeclaredColumn column) =>
        reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetSingle(out var value) => value,
            JsonTokenType.String => (float)Word(ref reader, column),
            _ => throw Unfit(ref reader, column),
        };

    private static double Double(ref Utf8JsonReader reader, DeclaredColumn column) =>
        reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetDouble(out var value) => value,
            JsonTokenType.String => Word(ref reader, column),
            _ => throw Unfit(ref reader, column),
        };

    private static double Word(ref Utf8JsonReader reader, DeclaredColumn column) =>
        reader.ValueTextEquals("NaN"u8) ? double.NaN
        : reader.ValueTextEquals("Infinity"u8) ? double.PositiveInfinity
        : reader.ValueTextEquals("-Infinity"u8) ? double.NegativeInfinity
        : throw Unfit(ref reader, column);

    /// <summary>Reads the exact value or fails: digits that decimal would round away are refused.</summary>
    private static decimal Decimal(ref Utf8JsonReader reader, DeclaredColumn column)
    {
        Span<char> buffer = stackalloc char[64];
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var whole))
            return whole;
        ReadOnlySpan<char> text = buffer[..Text(ref reader, buffer, column)];
        return
            decimal.TryParse(
                text,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var value
            ) && HoldsAllDigits(value, text)
            ? value
            : throw Unfit(ref reader, column);
    }

    private static bool HoldsAllDigits(decimal value, ReadOnlySpan<char> text)
    {
        var point = text.IndexOf('.');
        var digits = point < 0 ? 0 : text[(point + 1)..].TrimEnd('0').Length;
        return digits <= value.Scale;
    }

    private static string String(ref Utf8JsonReader reader, DeclaredColumn column)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString()!;
            case JsonTokenType.Number:
                return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
            case JsonTokenType.True:
                return "true";
            case JsonTokenType.False:
                return "false";
            case JsonTokenType.StartArray:
                using (var array = JsonDocument.ParseValue(ref reader))
                    return array.RootElement.GetRawText();
            default:
                throw Unfit(ref reader, column);
        }
    }

    private static Guid Guid(ref Utf8JsonReader reader, DeclaredColumn column) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var value)
            ? value
            : throw Unfit(ref reader, column);

    private static DateOnly Date(ref Utf8JsonReader reader, DeclaredColumn column)
    {
        Span<char> buffer = stackalloc char[16];
        return DateOnly.TryParseExact(
            WithoutZone(buffer[..Text(ref reader, buffer, column)]),
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var value
        )
            ? value
            : throw Unfit(ref reader, column);
    }

    private static TimeOnly Time(ref Utf8JsonReader reader, DeclaredColumn column)
    {
        Span<char> buffer = stackalloc char[24];
        return TimeOnly.TryParseExact(
            WithoutZone(buffer[..Text(ref reader, buffer, column)]),
            "HH:mm:ss.FFFFFFF",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var value
        )
            ? value
            : throw Unfit(ref reader, column);
    }

    /// <summary>A timestamp has no zone, despite the log's Z.</summary>
    private static DateTime Timestamp(ref Utf8JsonReader reader, DeclaredColumn column) =>
        reader.TokenType == JsonTokenType.String
        && reader.TryGetDateTimeOffset(out var value)
        && value.Offset == TimeSpan.Zero
            ? DateTime.SpecifyKind(value.DateTime, DateTimeKind.Unspecified)
            : throw Unfit(ref reader, column);

    private static DateTimeOffset Instant(ref Utf8JsonReader reader, DeclaredColumn column) =>
        reader.TokenType == JsonTokenType.String
        && reader.TryGetDateTimeOffset(out var value)
        && value.Offset == TimeSpan.Zero
            ? value
            : throw Unfit(ref reader, column);

    private static byte[] Bytes(ref Utf8JsonReader reader, DeclaredColumn column)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out var value))
            throw Unfit(ref reader, column);
        return value;
    }

    private static TEnum Enumeration<TEnum>(ref Utf8JsonReader reader, DeclaredColumn column)
        where TEnum : struct, Enum =>
        reader.TokenType == JsonTokenType.String && EnumTexts<TEnum>.TryParse(reader.GetString()!, out var value)
            ? value
            : throw Unfit(ref reader, column);

    private static TElement[] FullArray<TElement>(
        ref Utf8JsonReader reader,
        DeclaredColumn column,
        ReadValue<TElement> read
    )
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Unfit(ref reader, column);
        var values = new List<TElement>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            values.Add(read(ref reader, column));
        return [.. values];
    }

    private static TElement?[] NullableArray<TElement>(
        ref Utf8JsonReader reader,
        DeclaredColumn column,
        ReadValue<TElement> read
    )
        where TElement : struct =>
        FullArray<TElement?>(
            ref reader,
            column,
            (ref r, c) => r.TokenType == JsonTokenType.Null ? null : read(ref r, c)
        );

    private static TElement?[] ReferenceArray<TElement>(
        ref Utf8JsonReader reader,
        DeclaredColumn column,
        ReadValue<TElement> read
    )
        where TElement : class =>
        FullArray<TElement?>(
            ref reader,
            column,
            (ref r, c) => r.TokenType == JsonTokenType.Null ? null : read(ref r, c)
        );

    /// <summary>Copies a short text and returns its length.</summary>
    private static int Text(ref Utf8JsonReader reader, scoped Span<char> buffer, DeclaredColumn column)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > buffer.Length)
            throw Unfit(ref reader, column);
        return reader.CopyString(buffer);
    }

    private static ReadOnlySpan<char> WithoutZone(ReadOnlySpan<char> text) =>
        text.EndsWith("Z", StringComparison.Ordinal) ? text[..^1] : text;

    private static RowReadException Unfit(ref Utf8JsonReader reader, DeclaredColumn column)
    {
        var value = reader.TokenType switch
        {
            JsonTokenType.Null => "null",
            JsonTokenType.String => $"'{Short(reader.GetString()!)}'",
            JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
            JsonTokenType.True or JsonTokenType.False => "a bool",
            JsonTokenType.StartObject => "bytes that are not text in the source's encoding",
            _ => "an array",
        };
        return new(
            $"The column '{column.Name}' holds {value}, which the property {column.Property} of type "
                + $"{TypeName.Of(column.Type)} can't hold."
        );

        static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
    }
}
