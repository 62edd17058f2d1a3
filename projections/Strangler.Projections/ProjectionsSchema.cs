using Strangler.Foundation.Store;

namespace Strangler.Projections;

/// <summary>
/// The tables of the projections in the store. A position is always (epoch, commit, ordinal), with the commit as
/// <c>pg_lsn</c>: PostgreSQL compares and prints it as we do.
/// </summary>
public static class ProjectionsSchema
{
    /// <summary>The scripts of <c>Migrations/</c>.</summary>
    public static readonly StoreSchema Value = StoreSchema.Embedded("projections", typeof(ProjectionsSchema).Assembly);
}
