using Strangler.Foundation.Store;

namespace Strangler.CdcBridge;

/// <summary>
/// The bridge's own table in the store: new snapshots that people requested. What the bridge knows of a source is in
/// the log.
/// </summary>
public static class BridgeSchema
{
    /// <summary>The scripts of <c>Migrations/</c>.</summary>
    public static readonly StoreSchema Value = StoreSchema.Embedded("bridge", typeof(BridgeSchema).Assembly);
}
