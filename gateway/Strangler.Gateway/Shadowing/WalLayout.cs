using Strangler.ChangeLog;

namespace Strangler.Gateway.Shadowing;

/// <summary>How a server's write-ahead log is laid out in pages.</summary>
/// <param name="PageBytes">The server's <c>wal_block_size</c>.</param>
/// <param name="SegmentBytes">The server's <c>wal_segment_size</c>.</param>
internal sealed record WalLayout(ulong PageBytes, ulong SegmentBytes)
{
    // SizeOfXLogShortPHD and SizeOfXLogLongPHD of PostgreSQL's access/xlog_internal.h
    private const ulong PageHeader = 24;
    private const ulong SegmentHeader = 40;

    /// <summary>The layout of a server that was built with the usual settings.</summary>
    public static readonly WalLayout Usual = new(8192, 16 << 20);

    /// <summary>
    /// Where the last record before an insert LSN ends. When a page is full, the insert LSN is behind the next page's
    /// header, which nobody has written yet: no stream reaches it until something else is written.
    /// </summary>
    public Lsn EndBefore(Lsn insert) =>
        insert.Value % SegmentBytes == SegmentHeader ? new Lsn(insert.Value - SegmentHeader)
        : insert.Value % SegmentBytes > SegmentHeader && insert.Value % PageBytes == PageHeader
            ? new Lsn(insert.Value - PageHeader)
        : insert;
}
