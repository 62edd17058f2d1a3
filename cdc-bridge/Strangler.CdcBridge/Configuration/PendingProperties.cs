namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Properties that are read into options which nothing uses yet. They are refused, so that none is silently ignored.
/// What learns one of them removes its line here.
/// </summary>
internal static class PendingProperties
{
    public static IReadOnlyList<PendingProperty> All { get; } = [];
}
