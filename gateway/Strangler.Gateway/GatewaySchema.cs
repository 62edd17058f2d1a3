using Strangler.Foundation.Store;

namespace Strangler.Gateway;

/// <summary>
/// The gateway's tables in the store: the stage of each route, every change of it (kept permanently), and the results
/// of comparisons.
/// </summary>
public static class GatewaySchema
{
    /// <summary>The scripts of <c>Migrations/</c>.</summary>
    public static readonly StoreSchema Value = StoreSchema.Embedded("gateway", typeof(GatewaySchema).Assembly);
}
