using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Outbox;

/// <summary>
/// Schemas of the structs around payloads. Their name has the route in it, but the router keeps a schema for each
/// schema of a payload, or for each version if there is a column for it: every later event has the first one's name.
/// </summary>
internal sealed class OutboxSchemas
{
    /// <summary>Characters of schemas' texts. Beyond them all are forgotten: a later event has its own name.</summary>
    private const int MaxCharacters = 8 << 20;

    private readonly Dictionary<string, ConnectSchema> _schemas = [];
    private int _characters;

    /// <summary>How many characters the kept schemas have.</summary>
    internal int Characters => _characters;

    /// <param name="table">The table's topic, as a schema's name.</param>
    /// <param name="route">The value of the routing column.</param>
    /// <param name="version">The version; null for none.</param>
    /// <param name="isVersioned">Whether a column has the version.</param>
    /// <param name="payload">The payload's schema.</param>
    /// <param name="isNull">Whether the payload is null, which fits into any schema of its version.</param>
    /// <param name="additional">The further fields.</param>
    public ConnectSchema Of(
        string table,
        string route,
        int? version,
        bool isVersioned,
        ConnectSchema payload,
        bool isNull,
        IReadOnlyList<ConnectField> additional
    )
    {
        var fields = ConnectSchema.Struct([new ConnectField("payload", payload), .. additional]);
        var rest = Text(ConnectSchema.Struct(additional));
        var ofVersion = $"{version} {rest}";
        var key = isVersioned ? $"{version} {Text(fields)}" : Text(fields);
        if (_schemas.TryGetValue(isVersioned && isNull ? ofVersion : key, out var known))
            return known;
        var schema = fields.Named($"{table}.{route}.Value", version);
        Keep(key, schema);
        if (isVersioned && !_schemas.ContainsKey(ofVersion))
            Keep(ofVersion, schema);
        return schema;
    }

    private void Keep(string key, ConnectSchema schema)
    {
        var characters = key.Length + schema.Name!.Length;
        if (characters > MaxCharacters)
            return;
        if (_characters + characters > MaxCharacters)
        {
            _schemas.Clear();
            _characters = 0;
        }
        _schemas[key] = schema;
        _characters += characters;
    }

    private static string Text(ConnectSchema schema) => System.Text.Encoding.UTF8.GetString(SchemaJson.Of(schema));
}
