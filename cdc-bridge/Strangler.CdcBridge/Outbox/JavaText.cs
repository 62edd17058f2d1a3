using System.Globalization;
using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Outbox;

/// <summary>
/// A value as Kafka Connect's string converter writes it: Java's text of it (<c>toString</c>).
/// </summary>
internal static class JavaText
{
    /// <param name="schema">The value's; null for text without one.</param>
    /// <param name="json">The value.</param>
    public static string Of(ConnectSchema? schema, PayloadNode json) =>
        json switch
        {
            PayloadNode.Null => "null",
            PayloadNode.Flag(var flag) => flag ? "true" : "false",
            PayloadNode.Text or PayloadNode.Number when schema is not null && JavaDecimal.IsFor(schema) =>
                JavaDecimal.Text(json, schema),
            PayloadNode.Text(var base64) when schema?.Type == ConnectType.Bytes => Buffer(base64),
            PayloadNode.Text(var text) => text,
            PayloadNode.Number(var digits) => digits,
            PayloadNode.List(var elements) =>
                $"[{string.Join(", ", elements.Select(element => Of(schema?.Items, element)))}]",
            PayloadNode.Object(var members) when schema?.Type == ConnectType.Map =>
                $"{{{string.Join(", ", members.Select(member => $"{member.Key}={Of(schema.Items, member.Value)}"))}}}",
            PayloadNode.Object record => Struct(schema, record.ByName()),
            _ => "",
        };

    private static string Struct(ConnectSchema? schema, Dictionary<string, PayloadNode> members)
    {
        var present =
            from field in schema?.Fields ?? []
            let value = members.GetValueOrDefault(field.Name)
            where value is not (null or PayloadNode.Null)
            select $"{field.Name}={Of(field.Schema, value)}";
        return $"Struct{{{string.Join(',', present)}}}";
    }

    private static string Buffer(string base64)
    {
        var length = Convert.FromBase64String(base64).Length;
        return string.Create(CultureInfo.InvariantCulture, $"java.nio.HeapByteBuffer[pos=0 lim={length} cap={length}]");
    }
}
