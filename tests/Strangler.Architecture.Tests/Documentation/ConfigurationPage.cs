using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Architecture.Tests.Documentation;

/// <summary>The page that documents each key, and what the readers report about a key's value.</summary>
internal static partial class ConfigurationPage
{
    public const string Path = "docs/configuration.md";
    private const string Route = "ReverseProxy:Routes:availability";

    public static MarkdownFile Read() => MarkdownFile.Read(Path);

    /// <summary>A page with these rows of keys and nothing else.</summary>
    public static MarkdownFile Of(string rows) =>
        new(Path, $"| Key | Default | Allowed | Example |\n|-|-|-|-|\n{rows}");

    public static IEnumerable<TableRow> Keys(MarkdownFile page) => page.Rows.Where(row => row.Titles[0] == "Key");

    /// <summary>The complete example.</summary>
    public static IConfigurationRoot Example() => KnownKeys.Parse(Read().Blocks("json").First());

    /// <summary>The complete example with another value for a key, in the format that has the key.
    /// Exclusions replace the inclusions.</summary>
    public static IConfigurationRoot With(string key, JsonNode? value)
    {
        var path = FullPath(key);
        var values = Flatten(path, value).ToList();
        if (path.Contains(".exclude.", StringComparison.Ordinal))
        {
            values.Add(new(path.Replace(".exclude.", ".include.", StringComparison.Ordinal), ""));
        }
        if (path.StartsWith("Kafka:", StringComparison.Ordinal))
        {
            values.Add(new("Source:event.format", "debezium-3.6"));
        }
        return new ConfigurationBuilder().AddConfiguration(Example()).AddInMemoryCollection(values).Build();
    }

    /// <summary>The faults that a key's value causes in the complete example.</summary>
    public static IEnumerable<Fault> FaultsAt(string key, JsonNode? value) =>
        KnownKeys
            .Faults(With(key, value))
            .Where(fault => fault.Path.StartsWith(FullPath(key), StringComparison.OrdinalIgnoreCase))
            .Distinct();

    private static string FullPath(string key)
    {
        var path = Entry().Replace(key, ":0");
        return key.StartsWith("Strangler:", StringComparison.Ordinal) ? $"{Route}:{path}" : path;
    }

    private static IEnumerable<KeyValuePair<string, string?>> Flatten(string path, JsonNode? value) =>
        value switch
        {
            JsonObject members => members.SelectMany(member => Flatten($"{path}:{member.Key}", member.Value)),
            JsonArray entries => entries.SelectMany((entry, i) => Flatten($"{path}:{i}", entry)),
            _ => [new(path, value?.ToString())],
        };

    [GeneratedRegex(":N(?=:|$)")]
    private static partial Regex Entry();
}
