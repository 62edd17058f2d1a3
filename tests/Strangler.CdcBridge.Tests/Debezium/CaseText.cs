namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>A value as a recording has it: the test's database has another name.</summary>
internal static class CaseText
{
    public static string? Of(byte[]? value, CaseRun run) =>
        value is null
            ? null
            : System
                .Text.Encoding.UTF8.GetString(value)
                .Replace($"\"db\":\"{run.Source.Name}\"", $"\"db\":\"{run.Golden.Prefix}\"", StringComparison.Ordinal);
}
