using System.Globalization;
using System.Text.Json;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// A connector's configuration as Kafka Connect's REST API takes it: its properties, or an object with its
/// <c>name</c> and the properties as <c>config</c>.
/// </summary>
internal static class ConnectorFile
{
    private const string Class = "connector.class";

    /// <summary>Members of a connector in the REST API, which takes or answers them.</summary>
    private static readonly string[] Members = ["name", "config", "initial_state", "tasks", "type"];

    /// <summary>Whether a text is such a file and not one of Strangler's own: it names a connector's class.</summary>
    public static bool Is(string text)
    {
        var lenient = new JsonDocumentOptions
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
        };
        try
        {
            using var document = JsonDocument.Parse(text, lenient);
            var root = document.RootElement;
            return Has(root)
                || (
                    root.ValueKind == JsonValueKind.Object && root.TryGetProperty("config", out var inner) && Has(inner)
                );
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // broken, and still more likely the one than the other
            return text.Contains($"\"{Class}\"", StringComparison.Ordinal);
        }
    }

    /// <exception cref="FaultException">Lists everything that is wrong.</exception>
    public static IReadOnlyDictionary<string, string> Parse(string text, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Properties(document.RootElement, path);
        }
        catch (JsonException exception)
        {
            var (line, column) = (exception.LineNumber + 1, exception.BytePositionInLine + 1);
            throw new FaultException(
                new Fault(
                    path,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"It is not JSON: line {line}, column {column} can't be read."
                    ),
                    "Correct it there."
                ),
                exception
            );
        }
        catch (InvalidOperationException exception)
        {
            // what the parser says of an escape for half of a surrogate pair
            throw new FaultException(
                new Fault(path, "A text in it has half of a character ('\\ud800' to '\\udfff' alone).", "Correct it."),
                exception
            );
        }
    }

    private static Dictionary<string, string> Properties(JsonElement root, string path)
    {
        var (faults, properties) = (new List<Fault>(), new Dictionary<string, string>(StringComparer.Ordinal));
        var config = root;
        if (root.ValueKind == JsonValueKind.Object && !Has(root) && root.TryGetProperty("config", out var inner))
        {
            config = inner;
            faults.AddRange(
                root.EnumerateObject()
                    .Where(member => !Members.Contains(member.Name, StringComparer.Ordinal))
                    .Select(member => new Fault(
                        $"{path}:{PropertyTable.Shown(member.Name)}",
                        "It stands beside 'config', where Kafka Connect has no such member.",
                        "Move it into 'config', or leave it out."
                    ))
            );
            if (root.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String)
                properties["name"] = name.GetString()!;
        }
        if (config.ValueKind != JsonValueKind.Object)
            faults.Add(
                new Fault(path, "It is not a connector's configuration.", "Write an object with the properties in it.")
            );
        else
            Read(config, path, properties, faults);
        return faults.Count == 0 ? properties : throw new FaultException(faults);
    }

    private static void Read(JsonElement config, string path, Dictionary<string, string> properties, List<Fault> faults)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in config.EnumerateObject())
        {
            if (!seen.Add(member.Name))
                faults.Add(new Fault(Shown(member), "The property is written twice.", "Remove one of the two."));
            else if (member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                faults.Add(
                    new Fault(
                        Shown(member),
                        member.Value.ValueKind == JsonValueKind.Array
                            ? "Its value is a list, and a property of a connector is a text, a number, true or false."
                            : "Its value is an object, and a property of a connector is a text, a number, true or "
                                + "false.",
                        "Write it as one text; entries of a list are separated by commas."
                    )
                );
            else if (member.Value.ValueKind != JsonValueKind.Null)
                properties[member.Name] =
                    member.Value.ValueKind == JsonValueKind.String
                        ? member.Value.GetString()!
                        : member.Value.GetRawText();
        }

        string Shown(JsonProperty member) => $"{path}:{PropertyTable.Shown(member.Name)}";
    }

    private static bool Has(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(Class, out _);
}
