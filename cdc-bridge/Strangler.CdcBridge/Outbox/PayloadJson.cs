using System.Buffers;
using System.Globalization;
using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Outbox;

/// <summary>Writes a payload's JSON in the form that its schema gives it.</summary>
internal static class PayloadJson
{
    /// <returns>Whether the value fits its schema; on false, what was written is of no use.</returns>
    public static bool TryWrite(ArrayBufferWriter<byte> json, PayloadNode node, ConnectSchema schema)
    {
        switch (node)
        {
            case PayloadNode.Null:
                json.Write("null"u8);
                return schema.IsOptional;
            case PayloadNode.Text(var text) when schema.Type == ConnectType.String:
                JavaJson.String(json, text);
                return true;
            case PayloadNode.Flag(var flag) when schema.Type == ConnectType.Boolean:
                json.Write(flag ? "true"u8 : "false"u8);
                return true;
            case PayloadNode.Number { Type: ConnectType.Float64 } number when schema.Type == ConnectType.Float64:
                JavaNumber.Write(json, double.Parse(number.Digits, NumberStyles.Float, CultureInfo.InvariantCulture));
                return true;
            case PayloadNode.Number number when number.Type == schema.Type:
                Encoding.JsonText.Number(json, long.Parse(number.Digits, CultureInfo.InvariantCulture));
                return true;
            case PayloadNode.List(var elements) when schema.Type == ConnectType.Array:
                return TryWriteElements(json, elements, schema.Items!);
            case PayloadNode.Object record when schema.Type == ConnectType.Struct:
                return TryWriteFields(json, record, schema.Fields);
            default:
                return false;
        }
    }

    private static bool TryWriteElements(
        ArrayBufferWriter<byte> json,
        IReadOnlyList<PayloadNode> elements,
        ConnectSchema schema
    )
    {
        json.Write("["u8);
        foreach (var (index, element) in elements.Index())
        {
            if (index > 0)
                json.Write(","u8);
            if (!TryWrite(json, element, schema))
                return false;
        }
        json.Write("]"u8);
        return true;
    }

    private static bool TryWriteFields(
        ArrayBufferWriter<byte> json,
        PayloadNode.Object record,
        IReadOnlyList<ConnectField> fields
    )
    {
        var members = record.ByName();
        json.Write("{"u8);
        foreach (var (index, field) in fields.Index())
        {
            if (index > 0)
                json.Write(","u8);
            JavaJson.String(json, field.Name);
            json.Write(":"u8);
            if (!TryWrite(json, members.GetValueOrDefault(field.Name) ?? new PayloadNode.Null(), field.Schema))
                return false;
        }
        json.Write("}"u8);
        return true;
    }
}
