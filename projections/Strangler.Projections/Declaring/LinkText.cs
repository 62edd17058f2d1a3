using System.Globalization;
using System.Reflection;

namespace Strangler.Projections.Declaring;

/// <summary>
/// The canonical text of a link's value: equal values have equal texts and different values different ones, in every
/// process and culture. Whole numbers of all widths agree, decimals have no trailing zeros, enums are numbers, a tuple
/// is the texts of its parts. A null, alone or as a part of a tuple, joins nothing.
/// </summary>
internal static class LinkText
{
    private static readonly Dictionary<Type, Delegate> Writers = new Delegate[]
    {
        (Func<string, string>)Checked,
        (Func<bool, string>)(value => value ? "true" : "false"),
        (Func<byte, string>)Number,
        (Func<sbyte, string>)Number,
        (Func<short, string>)Number,
        (Func<ushort, string>)Number,
        (Func<int, string>)Number,
        (Func<uint, string>)Number,
        (Func<long, string>)Number,
        (Func<ulong, string>)Number,
        (Func<float, string>)(value => value == 0 ? "0" : value.ToString("R", CultureInfo.InvariantCulture)),
        (Func<double, string>)(value => value == 0 ? "0" : value.ToString("R", CultureInfo.InvariantCulture)),
        (Func<decimal, string>)Decimal,
        (Func<char, string>)(value => Checked(value.ToString())),
        (Func<Guid, string>)(value => value.ToString("D", CultureInfo.InvariantCulture)),
        (Func<DateOnly, string>)(value => value.ToString("O", CultureInfo.InvariantCulture)),
        (Func<TimeOnly, string>)(value => value.ToString("O", CultureInfo.InvariantCulture)),
        (Func<DateTime, string>)(
            value => DateTime.SpecifyKind(value, DateTimeKind.Unspecified).ToString("O", CultureInfo.InvariantCulture)
        ), // equal despite different kinds, as DateTime defines it
        (Func<DateTimeOffset, string>)(value => value.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
        (Func<TimeSpan, string>)(value => value.ToString("c", CultureInfo.InvariantCulture)),
    }.ToDictionary(writer => writer.GetType().GetGenericArguments()[0]);

    /// <summary>How values of a type are written; null where the type has no canonical text.</summary>
    public static Func<TValue, string?>? Of<TValue>() => (Func<TValue, string?>?)Of(typeof(TValue));

    private static Delegate? Of(Type type)
    {
        if (Writers.TryGetValue(type, out var writer))
            return writer;
        if (type.IsEnum)
            return Make(nameof(Enumeration), [type]);
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Of(underlying) is { } of ? Make(nameof(Optional), [underlying], of) : null;
        if (
            !type.IsGenericType
            || type.Namespace != nameof(System)
            || !type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal)
        )
            return null;
        var parts = type.GetGenericArguments();
        var writers = parts.Select(Of).ToArray();
        return parts.Length is 2 or 3 or 4 && writers.All(of => of is not null)
            ? Make("Tuple" + parts.Length, parts, [.. writers.Select(of => of!)])
            : null;
    }

    private static Delegate Make(string name, Type[] types, params object[] arguments) =>
        (Delegate)
            typeof(LinkText)
                .GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(types)
                .Invoke(null, arguments)!;

    private static Func<TEnum, string?> Enumeration<TEnum>()
        where TEnum : struct, Enum => value => value.ToString("D");

    private static Func<TValue?, string?> Optional<TValue>(Func<TValue, string?> of)
        where TValue : struct => value => value is { } there ? of(there) : null;

    private static Func<(T1, T2), string?> Tuple2<T1, T2>(Func<T1, string?> first, Func<T2, string?> second) =>
        value => Join(first(value.Item1), second(value.Item2));

    private static Func<(T1, T2, T3), string?> Tuple3<T1, T2, T3>(
        Func<T1, string?> first,
        Func<T2, string?> second,
        Func<T3, string?> third
    ) => value => Join(first(value.Item1), second(value.Item2), third(value.Item3));

    private static Func<(T1, T2, T3, T4), string?> Tuple4<T1, T2, T3, T4>(
        Func<T1, string?> first,
        Func<T2, string?> second,
        Func<T3, string?> third,
        Func<T4, string?> fourth
    ) => value => Join(first(value.Item1), second(value.Item2), third(value.Item3), fourth(value.Item4));

    private static string? Join(params ReadOnlySpan<string?> parts)
    {
        var texts = new string[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] is not { } part)
                return null;
            texts[i] = part.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("|", "\\|", StringComparison.Ordinal);
        }
        return string.Join('|', texts);
    }

    private static string Number<TNumber>(TNumber value)
        where TNumber : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Decimal(decimal value)
    {
        if (value == 0)
            return "0";
        var text = value.ToString(CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>
    /// The store's texts can't hold the character with code zero or half a surrogate pair. No column of the source can
    /// either, so a lambda made such a value.
    /// </summary>
    private static string Checked(string value) =>
        value is null || StoreText.Holds(value)
            ? value!
            : throw new InvalidOperationException("A link's value has a character that PostgreSQL's text cannot hold.");
}
