using System.Buffers;
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
    public static ValueFormat? For(TypeModel type, in TypeContext context)
    {
        var format = type.ElementOid == 0 ? Scalar(type.BaseName, type, context) : Array(type, context);
        if (format is null && type.ElementOid == 0 && context.Options.IncludesUnknownTypes)
            format = type.BaseName is "box" or "circle" or "line" or "lseg" or "path" or "polygon"
                ? BinaryFormats.Geometric(context.Options.Binary)
                : BinaryFormats.Unknown(context.Options.Binary);
        return format is null ? null : format with { Unavailable = Placeholders.Of(type, format, context.Options) };
    }

    private static ValueFormat? Array(TypeModel type, in TypeContext context)
    {
        // The connector doesn't resolve elements that are a domain.
        if (type.HasDomainElements)
            return context.Options.IncludesUnknownTypes
                ? ArrayFormats.Of(BinaryFormats.Unknown(context.Options.Binary), isOptional: false)
                : null;
        switch (type.ElementName)
        {
            case "money" or "name" or "interval" or "varbit" or "xml" or "point" or "refcursor":
                return null; // the connector knows these types, and not their arrays
            case "bit":
                return ArrayFormats.Lost(BitFormats.Bits(type.Modifier < 0 ? 1 : type.Modifier).Schema);
            case "numeric":
                return ArrayFormats.WithoutSpecial(ArrayFormats.Of(Scalar("numeric", type, context)!));
            case "date":
                return ArrayFormats.Of(TimeFormats.Date(context.Options.Times, isJdbc: true));
            case "time":
                return ArrayFormats.Of(TimeFormats.JdbcTime(context.Options.Times, Digits(type.Modifier)));
            case "timetz":
                return ArrayFormats.Of(TimeFormats.ZonedTime(isJdbc: true));
            case "timestamptz":
                return ArrayFormats.Of(TimeFormats.ZonedTimestamp(Digits(type.Modifier), isJdbc: true));
            default:
                if (Scalar(type.ElementName, type, context) is not { } element)
                    return null;
                return ArrayFormats.Of(element, isOptional: type.Labels.Count == 0);
        }
    }

    private static ValueFormat? Scalar(string name, TypeModel type, in TypeContext context)
    {
        var options = context.Options;
        return name switch
        {
            "bool" => new(ConnectSchema.Boolean, BooleanEncoding.Encode, [.. "false"u8]),
            "int2" => Integer(ConnectSchema.Int16),
            "int4" => Integer(ConnectSchema.Int32),
            "int8" or "oid" => Integer(ConnectSchema.Int64),
            "float4" => new(ConnectSchema.Float32, FloatFormats.Single, [.. "0.0"u8]),
            "float8" => new(ConnectSchema.Float64, FloatFormats.Double, [.. "0.0"u8]),
            "numeric" => DecimalFormats.Numeric(type.Modifier, options.Decimals, context.Decimals),
            "money" => DecimalFormats.Money(options, context.Decimals),
            "bytea" => BinaryFormats.Bytea(options.Binary),
            "bit" => BitFormats.Bits(type.Modifier < 0 ? 1 : type.Modifier),
            "varbit" => BitFormats.Bits(type.Modifier < 0 ? int.MaxValue : type.Modifier),
            "date" => TimeFormats.Date(options.Times, context.IsSnapshot),
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
            "char" or "bpchar" or "varchar" or "text" or "citext" or "isbn" => Text(ConnectSchema.String),
            // The stream's decoder doesn't know the type, while the snapshot's does.
            "name" when !context.IsSnapshot && !options.IncludesUnknownTypes => Text(ConnectSchema.String) with
            {
                Encode = static (_, json) => json.Write("null"u8),
            },
            "name" => Text(ConnectSchema.String),
            "inet" or "cidr" or "macaddr" or "macaddr8" => Text(ConnectSchema.String),
            "int4range" or "int8range" or "numrange" or "tsrange" or "tstzrange" or "daterange" => Text(
                ConnectSchema.String
            ),
            _ when type.Labels.Count > 0 => Text(
                ConnectSchema.String.Named("io.debezium.data.Enum").With("allowed", string.Join(',', type.Labels))
            ),
            _ => null,
        };
    }

    private static ValueFormat Integer(ConnectSchema schema) => new(schema, NumberEncoding.Integer, [.. "0"u8]);

    private static ValueFormat Text(ConnectSchema schema) =>
        new(schema, static (text, json) => JavaJson.String(json, text), [.. "\"\""u8]);

    private static int Digits(int modifier) => modifier < 0 ? Microseconds : modifier;
}
