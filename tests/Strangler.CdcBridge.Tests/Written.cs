using System.Text.Json;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Tests;

/// <summary>Records in a short form, for comparing.</summary>
internal static class Written
{
    /// <summary><c>op table key before after</c>, without what differs from run to run.</summary>
    public static string Of(LogRecord record)
    {
        var table = record.Topic[(record.Topic.LastIndexOf('.') + 1)..];
        var key = record.Key is null ? "-" : System.Text.Encoding.UTF8.GetString(record.Key);
        var headers = string.Concat(record.Headers.Select(header => $" {header.Name}={header.Value}"));
        switch (record.Kind)
        {
            case LogRecordKind.Data or LogRecordKind.Truncate:
                using (var value = JsonDocument.Parse(record.Value!))
                    return $"{value.RootElement.GetProperty("op").GetString()} {table} {key} "
                        + $"{value.RootElement.GetProperty("before").GetRawText()} "
                        + $"{value.RootElement.GetProperty("after").GetRawText()}{headers}";
            case LogRecordKind.Schema:
                var schema = Strangler.ChangeLog.Tables.TableSchema.FromJson(record.Value);
                var columns = string.Join(", ", schema.Columns.Select(column => $"{column.Name} {column.Type}"));
                return $"schema {table} ({columns}){(schema.InDoubt ? " in doubt" : "")}";
            case LogRecordKind.TableDoubt:
                return $"doubt {table} {Strangler.ChangeLog.Tables.TableDoubt.FromJson(record.Value).Why}";
            case LogRecordKind.TableRead:
                return $"read {table} {System.Text.Encoding.UTF8.GetString(record.Value!)}";
            default:
                return $"{record.Kind.ToString().ToLowerInvariant()} {table} {key}{headers}";
        }
    }

    public static IReadOnlyList<string> All(IEnumerable<LogRecord> records) => [.. records.Select(Of)];
}
