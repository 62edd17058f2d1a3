namespace Strangler.CdcBridge.Replication;

/// <summary>Transaction ids in the stream have 32 bits and wrap around; ours have 64 and don't.</summary>
internal static class TransactionIds
{
    /// <summary>
    /// The 64-bit id that ends in <paramref name="xid"/> and is nearest to <paramref name="near"/>: PostgreSQL never
    /// lets ids in use be 2^31 apart.
    /// </summary>
    /// <param name="xid">The id in 32 bits.</param>
    /// <param name="near">A 64-bit id of about the same time, as from <c>pg_current_snapshot()</c>.</param>
    public static ulong Widen(uint xid, ulong near)
    {
        var difference = unchecked((int)(xid - (uint)near));
        if (difference < 0 && near < (ulong)-(long)difference)
            return xid; // before the first wrap there is nothing below
        return unchecked(near + (ulong)(long)difference);
    }
}
