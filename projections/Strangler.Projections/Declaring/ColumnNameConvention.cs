using System.ComponentModel.DataAnnotations.Schema;
using System.Reflection;
using System.Text;

namespace Strangler.Projections.Declaring;

/// <summary>The column that a property maps to.</summary>
internal static class ColumnNameConvention
{
    /// <summary>The name that <c>[Column]</c> gives, else the property's name in snake_case.</summary>
    public static string Of(PropertyInfo property) =>
        property.GetCustomAttribute<ColumnAttribute>()?.Name ?? Snake(property.Name);

    /// <summary>
    /// <c>WarehouseId</c> is <c>warehouse_id</c>, <c>SKUCode</c> is <c>sku_code</c>, <c>Line2Text</c> is
    /// <c>line2_text</c>.
    /// </summary>
    public static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (
                i > 0
                && char.IsUpper(name[i])
                && name[i - 1] != '_'
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])))
            )
                text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }
}
