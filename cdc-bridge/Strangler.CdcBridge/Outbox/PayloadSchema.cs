using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Outbox;

/// <summary>
/// Finds a schema for a payload's JSON as the router does. Everything in it is optional. A value without a schema (an
/// empty array; null, unless nulls are kept) is left out.
/// </summary>
/// <param name="keepsNulls">Whether null is written, as optional bytes.</param>
internal sealed class PayloadSchema(bool keepsNulls)
{
    /// <summary>Why there is no schema; null if there is.</summary>
    public string? Failure { get; private set; }

    /// <param name="name">The name of a struct, to which the names of nested ones are added; null for none.</param>
    /// <param name="node">The value.</param>
    /// <returns>Null for a value without a schema.</returns>
    public ConnectSchema? Of(string? name, PayloadNode node)
    {
        switch (node)
        {
            case PayloadNode.Text:
                return ConnectSchema.String.Optional;
            case PayloadNode.Flag:
                return ConnectSchema.Boolean.Optional;
            case PayloadNode.Number number:
                return new ConnectSchema(number.Type ?? ConnectType.Float64).Optional;
            case PayloadNode.List { Elements: [_, ..] } list:
                return Element(name, list) is { } element ? ConnectSchema.ArrayOf(element).Optional : null;
            case PayloadNode.Object record:
                var outer = string.IsNullOrWhiteSpace(name) ? "" : $"{name}.";
                var fields = new List<ConnectField>();
                foreach (var (member, value) in record.Members)
                {
                    if (Of($"{outer}{member}", value) is { } schema)
                        fields.Add(new ConnectField(member, schema));
                }
                return ConnectSchema.Struct(fields) with { Name = name, IsOptional = true };
            case PayloadNode.Null:
                return keepsNulls ? ConnectSchema.Bytes.Optional : null;
            default:
                return null;
        }
    }

    private ConnectSchema? Element(string? name, PayloadNode.List list)
    {
        var present = list.Elements.Where(element => element is not PayloadNode.Null).ToList();
        if (present is [PayloadNode.Object, ..] && present.TrueForAll(element => element is PayloadNode.Object))
            return Merge([.. present.Select(element => Of(name, element)!)]);
        if (present.Exists(element => Kind(element) != Kind(present[0])))
            Failure ??= "an array in it has elements of several types";
        else if (Of(null, present is [var first, ..] ? first : new PayloadNode.Null()) is { } schema)
            return schema;
        Failure ??= "an array in it has only elements without a type";
        return null;
    }

    /// <summary>What must be equal in all elements.</summary>
    private static (Type, ConnectType?) Kind(PayloadNode node) =>
        (node.GetType(), node is PayloadNode.Number number ? number.Type ?? ConnectType.Float64 : null);

    /// <summary>
    /// One schema for the objects of an array. The router merges the different ones in the order of their hash codes,
    /// which change from one run of Java to the next; here those with the most fields come first, and else they keep
    /// their order. A field has the first type that isn't null's.
    /// </summary>
    private static ConnectSchema Merge(IReadOnlyList<ConnectSchema> schemas)
    {
        var different = schemas
            .DistinctBy(schema => System.Text.Encoding.UTF8.GetString(SchemaJson.Of(schema)))
            .OrderByDescending(schema => schema.Fields.Count)
            .ToList();
        if (different is [var only])
            return only;
        var fields = new OrderedDictionary<string, ConnectField>(StringComparer.Ordinal);
        foreach (var field in different.SelectMany(schema => schema.Fields))
        {
            if (
                !fields.TryGetValue(field.Name, out var known)
                || known.Schema.Type == ConnectType.Bytes && field.Schema.Type != ConnectType.Bytes
            )
                fields[field.Name] = field;
        }
        return ConnectSchema.Struct([.. fields.Values]) with { Name = different[0].Name };
    }
}
