namespace Strangler.Gateway.Configuration;

/// <summary>What a route promises about the age of the lookup's answers.</summary>
/// <param name="Mode">The promise.</param>
/// <param name="Timeout">How long a request may wait for it, before legacy answers.</param>
internal sealed record FreshnessModel(FreshnessMode Mode, TimeSpan Timeout)
{
    public static readonly FreshnessModel Default = new(FreshnessMode.Bounded, TimeSpan.FromMilliseconds(250));
}
