namespace Shop.Hosting;

/// <summary>The switches as JSON; omitted ones stay unchanged.</summary>
internal sealed record SwitchSettings(
    int? CacheSeconds,
    IDictionary<string, int>? Latency,
    IDictionary<string, double>? Fail
);
