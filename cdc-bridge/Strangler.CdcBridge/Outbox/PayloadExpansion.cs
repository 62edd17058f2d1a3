using System.Buffers;
using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Outbox;

/// <summary>What <c>table.expand.json.payload</c> makes of a payload.</summary>
internal abstract record PayloadExpansion
{
    private PayloadExpansion() { }

    /// <summary>JSON with a schema of its own.</summary>
    internal sealed record Structured(ConnectSchema Schema, byte[] Json) : PayloadExpansion;

    /// <summary>An empty array: the router leaves it as text, and loses its schema.</summary>
    internal sealed record Bare : PayloadExpansion;

    /// <summary>The payload stays as it was.</summary>
    /// <param name="Why">The reason, without a value from the payload.</param>
    internal sealed record Unchanged(string Why) : PayloadExpansion;

    /// <param name="name">The payload's column, after which the schemas of its structs are named.</param>
    /// <param name="text">The payload.</param>
    /// <param name="keepsNulls">Whether null is written.</param>
    public static PayloadExpansion Of(string name, string text, bool keepsNulls)
    {
        if (text is not (['{', ..] or ['[', ..]))
            return new Unchanged("it begins with neither a brace nor a bracket");
        if (PayloadReader.TryRead(System.Text.Encoding.UTF8.GetBytes(text)) is not { } node)
            return new Unchanged("it isn't JSON");
        if (node is PayloadNode.List { Elements: [] })
            return new Bare();
        var schemas = new PayloadSchema(keepsNulls);
        var schema = schemas.Of(name, node);
        if (schemas.Failure is { } failure)
            return new Unchanged(failure);
        // The router ends with an error on what follows.
        if (node is PayloadNode.List)
            return new Unchanged("it is an array");
        var json = new ArrayBufferWriter<byte>(text.Length);
        return PayloadJson.TryWrite(json, node, schema!)
            ? new Structured(schema!, json.WrittenSpan.ToArray())
            : new Unchanged(
                "a number in it has more than 64 bits, or objects in one array differ in the type of a field"
            );
    }
}
