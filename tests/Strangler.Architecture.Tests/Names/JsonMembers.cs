using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Strangler.Architecture.Tests.Names;

/// <summary>
/// The members of a type's JSON, one per line: <c>routes[].reasons{} number</c>. Our types' names don't occur there.
/// </summary>
internal static class JsonMembers
{
    public static IEnumerable<string> Of(Type type, JsonSerializerOptions options)
    {
        var own = new JsonSerializerOptions(options);
        own.MakeReadOnly(populateMissingResolver: true);
        return Walk("", type, own).Select(member => $"{member.Path, -50} {member.Kind}");
    }

    private static IEnumerable<(string Path, string Kind)> Walk(string path, Type type, JsonSerializerOptions options)
    {
        var info = options.GetTypeInfo(type);
        return info.Kind switch
        {
            JsonTypeInfoKind.Object => info
                .Properties.Where(property => property.Get is not null)
                .SelectMany(property => Member(path, property, options)),
            JsonTypeInfoKind.Enumerable => Walk($"{path}[]", info.ElementType!, options),
            JsonTypeInfoKind.Dictionary => Walk($"{path}{{}}", info.ElementType!, options),
            _ => [(path, Kind(type, options))],
        };
    }

    private static List<(string Path, string Kind)> Member(
        string path,
        JsonPropertyInfo property,
        JsonSerializerOptions options
    )
    {
        var name = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var isNullable = type != property.PropertyType || (!type.IsValueType && property.IsGetNullable);
        var members = Walk(name, type, options).ToList();
        if (members is [(var only, var kind)] && only == name)
            return [(name, isNullable ? $"{kind} or null" : kind)];
        return isNullable ? [(name, "or null"), .. members] : members;
    }

    private static string Kind(Type type, JsonSerializerOptions options)
    {
        if (type == typeof(string))
            return "string";
        if (type == typeof(JsonElement))
            return "any";
        if (type == typeof(ReadOnlyMemory<byte>))
            return "string (base64)";
        var values = type.IsEnum ? Enum.GetValues(type).Cast<object>() : [Activator.CreateInstance(type)!];
        var nodes = values.Select(value => JsonSerializer.SerializeToNode(value, type, options)!).ToList();
        var kind = nodes[0].GetValueKind() switch
        {
            JsonValueKind.True or JsonValueKind.False => "boolean",
            var other => other.ToString().ToLowerInvariant(),
        };
        return type.IsEnum ? $"{kind}: {string.Join(", ", nodes.Select(node => node.ToString()))}"
            : type == typeof(DateTimeOffset) ? $"{kind} (time)"
            : type == typeof(TimeSpan) ? $"{kind} (duration)"
            : kind;
    }
}
