using System.Collections.Concurrent;

namespace Shop.Hosting;

/// <summary>What can be made worse or better while the shop runs.</summary>
/// <param name="services">The names of the existing services.</param>
/// <param name="seed">The seed that decides which requests are refused.</param>
internal sealed class Switches(IReadOnlyCollection<string> services, int seed = 1)
{
    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();
    private long _cacheTicks;

    /// <summary>How long an availability may be cached; zero: not at all.</summary>
    public TimeSpan CacheLifetime
    {
        get => new(Interlocked.Read(ref _cacheTicks));
        set => Interlocked.Exchange(ref _cacheTicks, value.Ticks);
    }

    /// <summary>Milliseconds that a service waits before it works.</summary>
    public ConcurrentDictionary<string, int> Latency { get; } = new();

    /// <summary>The share of requests, 0 to 1, that a service refuses with 503.</summary>
    public ConcurrentDictionary<string, double> Fail { get; } = new();

    public bool Fails(string service)
    {
        if (!Fail.TryGetValue(service, out var share) || share <= 0)
            return false;
        lock (_lock)
            return _random.NextDouble() < share;
    }

    public SwitchSettings Current =>
        new(
            (int)CacheLifetime.TotalSeconds,
            new SortedDictionary<string, int>(Latency),
            new SortedDictionary<string, double>(Fail)
        );

    /// <summary>Sets the named switches. Returns what is wrong as a sentence; null: all are set.</summary>
    public string? Turn(SwitchSettings settings)
    {
        foreach (var service in (settings.Latency?.Keys ?? []).Concat(settings.Fail?.Keys ?? []))
        {
            if (!services.Contains(service))
                return $"No service '{service}'.";
        }
        if (settings.CacheSeconds < 0 || settings.Latency?.Values.Any(value => value is < 0 or > 60_000) == true)
            return "Seconds are not negative, and milliseconds are 0 to 60000.";
        if (settings.Fail?.Values.Any(value => value is not (>= 0 and <= 1)) == true)
            return "A share of failures is 0 to 1.";
        if (settings.CacheSeconds is { } seconds)
            CacheLifetime = TimeSpan.FromSeconds(seconds);
        foreach (var (service, value) in settings.Latency ?? new Dictionary<string, int>())
            Latency[service] = value;
        foreach (var (service, value) in settings.Fail ?? new Dictionary<string, double>())
            Fail[service] = value;
        return null;
    }
}
