using System.Text.Encodings.Web;
using System.Text.Json;
using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Rendering;

/// <summary>Reports as JSON.</summary>
public static class ReportJson
{
    private const string SchemaName = "report.schema.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    /// <summary>The indented JSON, for files and pipelines. It is not escaped for use within a page.</summary>
    public static string Write(ReportFile report) => JsonSerializer.Serialize(report, Options);

    /// <exception cref="JsonException">The text is not a report.</exception>
    public static ReportFile Read(string json) =>
        JsonSerializer.Deserialize<ReportFile>(json, Options) ?? throw new JsonException("It is null, and no report.");

    /// <summary>The schema of the JSON, draft 2020-12.</summary>
    public static string Schema()
    {
        using var stream =
            typeof(ReportJson).Assembly.GetManifestResourceStream(SchemaName)
            ?? throw new InvalidOperationException($"'{SchemaName}' is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
