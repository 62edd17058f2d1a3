namespace Strangler.Demo.Sample;

/// <summary>In what a sample system differs from the usual one.</summary>
/// <param name="Fault">The mistake that is planted in the projection of availabilities; null: none.</param>
/// <param name="CacheSeconds">How long the legacy system keeps an availability; 0: not at all.</param>
/// <param name="Matches">
/// Route, and how many distinct matches its gate asks for; a route that is not here has the gateway's own number.
/// </param>
public sealed record SampleVariant(PlantedFault? Fault, int CacheSeconds, IReadOnlyDictionary<string, int> Matches)
{
    public static readonly SampleVariant Usual = new(null, 0, new Dictionary<string, int>());
}
