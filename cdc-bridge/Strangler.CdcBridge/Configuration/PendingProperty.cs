namespace Strangler.CdcBridge.Configuration;

/// <summary>A property that is read, and that the bridge doesn't act on yet.</summary>
/// <param name="Name">The property.</param>
/// <param name="Missing">What the bridge doesn't do.</param>
/// <param name="Accepted">Values that ask for nothing.</param>
internal sealed record PendingProperty(string Name, string Missing, params string[] Accepted)
{
    /// <summary>
    /// Ignoring it costs time and changes nothing else, so that it is named in the log instead of being refused.
    /// </summary>
    public bool IsHarmless { get; init; }
}
