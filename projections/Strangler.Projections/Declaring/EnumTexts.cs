using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.Serialization;

namespace Strangler.Projections.Declaring;

/// <summary>
/// The texts in which the values of an enum stand in a column: the member's name, its name in snake_case, or what
/// <c>[EnumMember(Value = "…")]</c> says instead of both. Case counts.
/// </summary>
internal static class EnumTexts<TEnum>
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<string, TEnum> Values = Read().ToFrozenDictionary(StringComparer.Ordinal);

    public static bool TryParse(string text, out TEnum value) => Values.TryGetValue(text, out value);

    private static Dictionary<string, TEnum> Read()
    {
        var values = new Dictionary<string, TEnum>(StringComparer.Ordinal);
        foreach (var field in typeof(TEnum).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var value = (TEnum)field.GetValue(null)!;
            if (field.GetCustomAttribute<EnumMemberAttribute>()?.Value is { } text)
            {
                values[text] = value;
                continue;
            }
            values[field.Name] = value;
            values.TryAdd(ColumnNameConvention.Snake(field.Name), value);
        }
        return values;
    }
}
