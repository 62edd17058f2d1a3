using Strangler.ChangeLog.Tables;

namespace Strangler.Projections.Declaring;

/// <summary>
/// The property types that hold every value of a PostgreSQL type as the log writes it, the closest first. Widening is
/// allowed if no value changes (int in a long, int in a decimal); real in a double isn't, since 0.1 is another number
/// there. A string holds every value of every type, as the log writes it: use it for values that .NET's types don't
/// have (infinity, NaN, years BC, 24:00, forty digits).
/// </summary>
internal static class ColumnTypes
{
    /// <summary>
    /// Object ids below this are PostgreSQL's own (access/transam.h, FirstNormalObjectId). Ids from here on are types
    /// that the database's owners created: enums, extensions.
    /// </summary>
    private const uint FirstOwnOid = 16384;

    private static readonly Type[] Texts = [typeof(string), typeof(Enum)];

    /// <summary>From the catalogue pg_type. The log has the values of all other types as PostgreSQL's text.</summary>
    private static readonly Dictionary<uint, Type[]> Scalars = new()
    {
        [16] = [typeof(bool)],
        [21] = [typeof(short), typeof(int), typeof(long), typeof(decimal)],
        [23] = [typeof(int), typeof(long), typeof(decimal)],
        [20] = [typeof(long), typeof(decimal)],
        [26] = [typeof(long), typeof(decimal)], // oid is unsigned
        [700] = [typeof(float)],
        [701] = [typeof(double)],
        [1700] = [typeof(decimal)],
        [2950] = [typeof(Guid)],
        [1082] = [typeof(DateOnly)],
        [1083] = [typeof(TimeOnly)],
        [1114] = [typeof(DateTime)],
        [1184] = [typeof(DateTimeOffset)],
        [17] = [typeof(byte[])],
        [25] = Texts, // text
        [1043] = Texts, // varchar
        [1042] = Texts, // bpchar
        [18] = Texts, // "char"
        [19] = Texts, // name
    };

    private static readonly Dictionary<uint, uint> Elements = new()
    {
        [1000] = 16,
        [1005] = 21,
        [1007] = 23,
        [1016] = 20,
        [1028] = 26,
        [1021] = 700,
        [1022] = 701,
        [1231] = 1700,
        [2951] = 2950,
        [1182] = 1082,
        [1183] = 1083,
        [1115] = 1114,
        [1185] = 1184,
        [1001] = 17,
        [1009] = 25,
        [1015] = 1043,
        [1014] = 1042,
        [1002] = 18,
        [1003] = 19,
        [199] = 114,
        [3807] = 3802,
    };

    /// <summary>The property types that fit the column, without Nullable; <see cref="Enum"/> means any enum.</summary>
    public static IReadOnlyList<Type> For(ColumnSchema column)
    {
        Type[] own =
            Elements.TryGetValue(column.TypeOid, out var element)
                ? [.. Scalar(element).Select(ArrayOf), typeof(string[])]
            : column.Type.EndsWith("[]", StringComparison.Ordinal) ? [.. Texts.Select(ArrayOf)]
            : Scalar(column.TypeOid);
        return [.. own.Append(typeof(string)).Distinct()];
    }

    /// <summary>Whether a property of the type holds the column's values.</summary>
    public static bool Fits(Type property, ColumnSchema column) => For(column).Contains(Plain(property));

    private static Type[] Scalar(uint oid) =>
        Scalars.TryGetValue(oid, out var types) ? types
        : oid < FirstOwnOid ? [typeof(string)]
        : Texts;

    private static Type Plain(Type type)
    {
        if (type.IsEnum)
            return typeof(Enum);
        return type.IsArray && type != typeof(byte[])
            ? ArrayOf(Plain(Nullable.GetUnderlyingType(type.GetElementType()!) ?? type.GetElementType()!))
            : type;
    }

    private static Type ArrayOf(Type element) => element.MakeArrayType();
}
