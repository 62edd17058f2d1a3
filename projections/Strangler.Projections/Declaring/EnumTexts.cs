using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.Serialization;

namespace Strangler.Projections.Declaring;

/// <summary>
/// The texts by which a column holds an enum's values: the member's name, its name in snake_case, or instead of both
/// the value of <c>[EnumMember(Value = "…")]</c>. Case-sensitive.
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
