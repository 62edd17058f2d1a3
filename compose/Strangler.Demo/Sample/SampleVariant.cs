namespace Strangler.Demo.Sample;

/// <summary>How a sample system differs from the usual one.</summary>
/// <param name="Fault">The mistake that is planted in the projection of availabilities; null: none.</param>
/// <param name="CacheSeconds">How long the legacy system caches an availability; 0: not at all.</param>
/// <param name="Matches">
/// By route, how many distinct matches its gate requires; other routes use the gateway's default.
/// </param>
public sealed record SampleVariant(PlantedFault? Fault, int CacheSeconds, IReadOnlyDictionary<string, int> Matches)
{
    /// <summary>The Kafka broker that holds the change log, as <c>HOST:PORT</c>; null: it is in the store.</summary>
    public string? Kafka { get; init; }

    /// <summary>Whether more of the lookup's answers are compared than usual, and it shows in seconds.</summary>
    public bool IsRechecked { get; init; }

    public static readonly SampleVariant Usual = new(null, 0, new Dictionary<string, int>());
}
