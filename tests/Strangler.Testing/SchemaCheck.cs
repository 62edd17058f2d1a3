using System.Text.Json;

namespace Strangler.Testing;

/// <summary>
/// The part of JSON Schema 2020-12 that the report's schema uses: type, properties, required, additionalProperties,
/// items, $ref, anyOf, enum, const, minimum, maximum.
/// </summary>
public static class SchemaCheck
{
    public static List<string> Faults(string schema, string json)
    {
        using var root = JsonDocument.Parse(schema);
        using var document = JsonDocument.Parse(json);
        var faults = new List<string>();
        Check(root.RootElement, root.RootElement, document.RootElement, "$", faults);
        return faults;
    }

    private static void Check(JsonElement root, JsonElement schema, JsonElement value, string path, List<string> faults)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            Check(
                root,
                root.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..]),
                value,
                path,
                faults
            );
        if (schema.TryGetProperty("anyOf", out var any) && !any.EnumerateArray().Any(one => Fits(root, one, value)))
            faults.Add($"{path}: fits none of anyOf");
        if (schema.TryGetProperty("type", out var type) && !Types(type).Any(name => Is(value, name)))
            faults.Add($"{path}: {value.ValueKind} is not {type}");
        if (
            schema.TryGetProperty("enum", out var cases)
            && !cases.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value))
        )
            faults.Add($"{path}: {value} is not a case");
        if (schema.TryGetProperty("const", out var constant) && !JsonElement.DeepEquals(constant, value))
            faults.Add($"{path}: {value} is not {constant}");
        if (
            value.ValueKind == JsonValueKind.Number
            && schema.TryGetProperty("minimum", out var least)
            && value.GetDouble() < least.GetDouble()
        )
            faults.Add($"{path}: {value} is too small");
        if (
            value.ValueKind == JsonValueKind.Number
            && schema.TryGetProperty("maximum", out var most)
            && value.GetDouble() > most.GetDouble()
        )
            faults.Add($"{path}: {value} is too great");
        if (value.ValueKind == JsonValueKind.Object)
            Members(root, schema, value, path, faults);
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            foreach (var (index, element) in value.EnumerateArray().Index())
                Check(root, items, element, $"{path}[{index}]", faults);
        }
    }

    private static void Members(
        JsonElement root,
        JsonElement schema,
        JsonElement value,
        string path,
        List<string> faults
    )
    {
        if (!schema.TryGetProperty("properties", out var properties))
            return;
        foreach (
            var required in schema
                .GetProperty("required")
                .EnumerateArray()
                .Where(name => !value.TryGetProperty(name.GetString()!, out _))
        )
            faults.Add($"{path}: has no {required}");
        foreach (var member in value.EnumerateObject())
        {
            if (properties.TryGetProperty(member.Name, out var of))
                Check(root, of, member.Value, $"{path}.{member.Name}", faults);
            else if (
                schema.TryGetProperty("additionalProperties", out var more)
                && more.ValueKind == JsonValueKind.False
            )
                faults.Add($"{path}: knows no {member.Name}");
        }
    }

    private static bool Fits(JsonElement root, JsonElement schema, JsonElement value)
    {
        var faults = new List<string>();
        Check(root, schema, value, "", faults);
        return faults.Count == 0;
    }

    private static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Select(one => one.GetString()!)
            : [type.GetString()!];

    private static bool Is(JsonElement value, string type) =>
        type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            _ => throw new ArgumentException($"The check does not know the type '{type}'."),
        };
}
