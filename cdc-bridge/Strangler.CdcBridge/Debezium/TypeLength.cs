using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Debezium;

/// <summary>The length and scale of a column as the JDBC driver tells them to the connector.</summary>
internal static class TypeLength
{
    private const int HeaderLength = 4; // of the modifiers of numeric, varchar and bpchar

    public static (int Length, int Scale) Of(TypeModel type) =>
        (type.ElementOid == 0 ? type.BaseName : type.ElementName) switch
        {
            "int2" => (5, 0),
            "int4" => (10, 0),
            "int8" => (19, 0),
            "oid" => (10, 0),
            "float4" => (8, 8),
            "float8" => (17, 17),
            "numeric" when type.Modifier >= HeaderLength => (
                (type.Modifier - HeaderLength) >> 16 & 0xFFFF,
                (type.Modifier - HeaderLength) & 0xFFFF
            ),
            "numeric" => (0, 0),
            "varchar" or "bpchar" when type.Modifier >= HeaderLength => (type.Modifier - HeaderLength, 0),
            "bit" or "varbit" when type.Modifier >= 0 => (type.Modifier, 0),
            "bool" or "char" => (1, 0),
            "date" => (13, 0),
            "time" => (15, Digits(type)),
            "timetz" => (21, Digits(type)),
            "timestamp" => (29, Digits(type)),
            "timestamptz" => (35, Digits(type)),
            "interval" => (49, Digits(type)),
            _ => (int.MaxValue, 0),
        };

    private static int Digits(TypeModel type) => type.Modifier < 0 ? 6 : type.Modifier;
}
