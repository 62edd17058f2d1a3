using NpgsqlTypes;
using Strangler.ChangeLog;

namespace Strangler.Projections.Storing;

/// <summary>Positions as the store holds them.</summary>
internal static class StorePosition
{
    public static NpgsqlLogSequenceNumber Sql(this Lsn lsn) => new(lsn.Value);
}
