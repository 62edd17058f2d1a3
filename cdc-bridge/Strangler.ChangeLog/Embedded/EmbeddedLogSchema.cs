using Strangler.Foundation.Store;

namespace Strangler.ChangeLog.Embedded;

/// <summary>The embedded change log's tables in the store.</summary>
public static class EmbeddedLogSchema
{
    /// <summary>The scripts of <c>Migrations/</c>.</summary>
    public static readonly StoreSchema Value = StoreSchema.Embedded("log", typeof(EmbeddedLogSchema).Assembly);
}
