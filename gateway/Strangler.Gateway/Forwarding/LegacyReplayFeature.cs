namespace Strangler.Gateway.Forwarding;

/// <summary>Marks a request with which the gateway itself asks legacy again: it bypasses every stage.</summary>
internal sealed class LegacyReplayFeature
{
    public static readonly LegacyReplayFeature Value = new();
}
