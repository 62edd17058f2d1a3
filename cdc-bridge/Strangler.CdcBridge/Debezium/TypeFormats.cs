using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Debezium;

/// <summary>
/// How Debezium's PostgreSQL connector 3.6 writes each type. A type that it doesn't know is left out, unless
/// <c>include.unknown.datatypes</c> is set.
/// </summary>
internal static class TypeFormats
{
    private const int Microseconds = 6;
    private const string Json = "io.debezium.data.Json";

    /// <returns>Null if columns of the type are left out.</returns>
    public static ValueFormat? For(TypeModel type, ValueOptions options)
    {
        var format = type.ElementOid == 0 ? Scalar(type.BaseName, type, options) : Array(type, options);
        format ??= options.IncludesUnknownTypes ? BinaryFormats.Unknown(options.Binary) : null;
        return format is null ? null : format with { Unavailable = Placeholders.Of(type, format, options) };
    }

    private static ValueFormat? Array(TypeModel type, ValueOptions options)
    {
        // The connector doesn't resolve elements that are a domain.
        if (type.HasDomainElements)
            return null;
        switch (type.ElementName)
        {
            case "money" or "name" or "interval" or "varbit" or "xml" or "point" or "refcursor":
                return null; // the connector knows these types, and not their arrays
            case "bit":
                return null;
            default:
                break;
        }
        if (Scalar(type.ElementName, type, options) is not { } element)
            return null;
        var isEnum = type.Labels.Count > 0;
        return new ValueFormat(
            ConnectSchema.ArrayOf(isEnum ? element.Schema : element.Schema.Optional),
            ArrayEncoding.Of(element.Encode),
            [.. "[]"u8]
        );
    }

    private static ValueFormat? Scalar(string name, TypeModel type, ValueOptions options) =>
        name switch
        {
            "bool" => new(ConnectSchema.Boolean, BooleanEncoding.Encode, [.. "false"u8]),
            "int2" => Integer(ConnectSchema.Int16),
            "int4" => Integer(ConnectSchema.Int32),
            "int8" or "oid" => Integer(ConnectSchema.Int64),
            "float4" => new(ConnectSchema.Float32, FloatFormats.Single, [.. "0.0"u8]),
            "float8" => new(ConnectSchema.Float64, FloatFormats.Double, [.. "0.0"u8]),
            "numeric" => DecimalFormats.Numeric(type.Modifier, options.Decimals),
            "money" => DecimalFormats.Money(options.Decimals, options.MoneyFractionDigits),
            "bytea" => BinaryFormats.Bytea(options.Binary),
            "bit" => BitFormats.Bits(type.Modifier < 0 ? 1 : type.Modifier),
            "varbit" => BitFormats.Bits(type.Modifier < 0 ? int.MaxValue : type.Modifier),
            "date" => TimeFormats.Date(options.Times),
            "time" => TimeFormats.Time(options.Times, Digits(type.Modifier)),
            "timestamp" => TimeFormats.Timestamp(options.Times, Digits(type.Modifier)),
            "timestamptz" => TimeFormats.ZonedTimestamp(Digits(type.Modifier)),
            "timetz" => TimeFormats.ZonedTime(),
            "interval" => IntervalFormats.Interval(options.Intervals),
            "point" => PointFormats.Point,
            "hstore" => HstoreFormats.Hstore(options.Hstore),
            "json" or "jsonb" => Text(ConnectSchema.String.Named(Json)),
            "xml" => Text(ConnectSchema.String.Named("io.debezium.data.Xml")),
            "uuid" => Text(ConnectSchema.String.Named("io.debezium.data.Uuid")),
            "ltree" => Text(ConnectSchema.String.Named("io.debezium.data.Ltree")),
            "tsvector" => Text(ConnectSchema.String.Named("io.debezium.data.Tsvector")),
            "char" or "bpchar" or "varchar" or "text" or "name" or "citext" or "isbn" => Text(ConnectSchema.String),
            "inet" or "cidr" or "macaddr" or "macaddr8" => Text(ConnectSchema.String),
            "int4range" or "int8range" or "numrange" or "tsrange" or "tstzrange" or "daterange" => Text(
                ConnectSchema.String
            ),
            _ when type.Labels.Count > 0 => Text(
                ConnectSchema.String.Named("io.debezium.data.Enum").With("allowed", string.Join(',', type.Labels))
            ),
            _ => null,
        };

    private static ValueFormat Integer(ConnectSchema schema) => new(schema, NumberEncoding.Integer, [.. "0"u8]);

    private static ValueFormat Text(ConnectSchema schema) =>
        new(schema, static (text, json) => JavaJson.String(json, text), [.. "\"\""u8]);

    private static int Digits(int modifier) => modifier < 0 ? Microseconds : modifier;
}
