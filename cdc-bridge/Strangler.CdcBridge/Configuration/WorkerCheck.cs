using Strangler.ChangeLog.Kafka.Client;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Finds the properties of a Kafka Connect worker that are refused or without effect.</summary>
internal static class WorkerCheck
{
    private const string Providers = "config.providers";

    /// <summary>Adds the faults of what is refused.</summary>
    /// <returns>Properties without effect.</returns>
    public static IReadOnlyList<string> Check(PropertyValues worker, EventFormat format)
    {
        var notices = new List<string>();
        foreach (var (name, value) in worker.Set)
        {
            var rule = WorkerRules.Find(name);
            if (value.Contains('\0', StringComparison.Ordinal))
                worker.Fault(name, "It has a NUL character, which Kafka doesn't take.", "Remove it.");
            else if (rule?.Treatment == PropertyTreatment.Refused && !rule.Accepts(value, format))
                worker.Fault(
                    name,
                    $"The value '{worker.Shown(name)}' is not supported. {rule.Note}",
                    $"Set it to {QuotedWords.Alternatives(rule.Accepted)}, or leave it out."
                );
            else if (rule is null || !IsRead(name, format))
                notices.Add(worker.PathOf(name));
        }
        return notices;
    }

    /// <summary>
    /// The log of Strangler's own format is where <c>Log:Kafka</c> says: of the worker, only its secrets are read.
    /// </summary>
    private static bool IsRead(string name, EventFormat format) =>
        format != EventFormat.Strangler
        || name.StartsWith(Providers, StringComparison.OrdinalIgnoreCase)
        || name.Equals(KafkaLogOptions.Servers, StringComparison.OrdinalIgnoreCase);
}
