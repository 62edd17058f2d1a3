namespace Strangler.CdcBridge.Configuration;

/// <summary>A property that is read, and that the bridge doesn't act on yet.</summary>
/// <param name="Name">The property.</param>
/// <param name="Missing">What the bridge doesn't do.</param>
/// <param name="Accepted">Values that ask for nothing.</param>
internal sealed record PendingProperty(string Name, string Missing, params string[] Accepted);
