using System.Buffers;

namespace Strangler.CdcBridge.Connect;

/// <summary>
/// Writes schemas as Kafka Connect's JSON converter does. The order of members is the converter's: the type and what it
/// consists of, <c>optional, name, version, doc, parameters, default, field</c>.
/// </summary>
internal static class SchemaJson
{
    public static byte[] Of(ConnectSchema schema)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        Write(json, schema, field: null);
        return json.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> json, ConnectSchema schema, string? field)
    {
        json.Write("{\"type\":\""u8);
        json.Write(TypeName(schema.Type));
        json.Write("\""u8);
        switch (schema.Type)
        {
            case ConnectType.Struct:
                json.Write(",\"fields\":["u8);
                foreach (var (index, member) in schema.Fields.Index())
                {
                    if (index > 0)
                        json.Write(","u8);
                    Write(json, member.Schema, member.Name);
                }
                json.Write("]"u8);
                break;
            case ConnectType.Array:
                json.Write(",\"items\":"u8);
                Write(json, schema.Items!, field: null);
                break;
            case ConnectType.Map:
                json.Write(",\"keys\":"u8);
                Write(json, schema.Keys!, field: null);
                json.Write(",\"values\":"u8);
                Write(json, schema.Items!, field: null);
                break;
            default:
                break;
        }
        json.Write(schema.IsOptional ? ",\"optional\":true"u8 : ",\"optional\":false"u8);
        Member(json, ",\"name\":"u8, schema.Name);
        if (schema.Version is { } version)
        {
            json.Write(",\"version\":"u8);
            Encoding.JsonText.Number(json, version);
        }
        Member(json, ",\"doc\":"u8, schema.Doc);
        if (schema.Parameters.Count > 0)
        {
            json.Write(",\"parameters\":"u8);
            foreach (var (index, (name, value)) in schema.Parameters.Index())
            {
                json.Write(index == 0 ? "{"u8 : ","u8);
                JavaJson.String(json, name);
                json.Write(":"u8);
                JavaJson.String(json, value);
            }
            json.Write("}"u8);
        }
        if (schema.Default is { } preset)
        {
            json.Write(",\"default\":"u8);
            json.Write(preset);
        }
        Member(json, ",\"field\":"u8, field);
        json.Write("}"u8);
    }

    private static void Member(ArrayBufferWriter<byte> json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
            return;
        json.Write(name);
        JavaJson.String(json, value);
    }

    private static ReadOnlySpan<byte> TypeName(ConnectType type) =>
        type switch
        {
            ConnectType.Int16 => "int16"u8,
            ConnectType.Int32 => "int32"u8,
            ConnectType.Int64 => "int64"u8,
            ConnectType.Float32 => "float"u8,
            ConnectType.Float64 => "double"u8,
            ConnectType.Boolean => "boolean"u8,
            ConnectType.String => "string"u8,
            ConnectType.Bytes => "bytes"u8,
            ConnectType.Array => "array"u8,
            ConnectType.Map => "map"u8,
            _ => "struct"u8,
        };
}
