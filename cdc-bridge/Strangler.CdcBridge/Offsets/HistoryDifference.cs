using System.Globalization;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Offsets;

/// <summary>Where the server's history and the log's differ.</summary>
internal abstract record HistoryDifference(Lsn At)
{
    /// <summary>The log has a transaction that the server doesn't send.</summary>
    public sealed record NotSent(Lsn At, ulong Xid, DateTimeOffset CommittedAt) : HistoryDifference(At)
    {
        public override string ToString() =>
            $"the log has a transaction at {At} ({Written(Xid, CommittedAt)}) that the server doesn't send";
    }

    /// <summary>The server sends a transaction that the log doesn't have, before the log's end.</summary>
    public sealed record NotLogged(Lsn At, SentTransaction Sent) : HistoryDifference(At)
    {
        public override string ToString() =>
            $"the server sends a transaction at {At} ({Sent}) that the log doesn't have";
    }

    /// <summary>They have different transactions at the same position.</summary>
    public sealed record Other(Lsn At, ulong Xid, DateTimeOffset CommittedAt, SentTransaction Sent)
        : HistoryDifference(At)
    {
        public override string ToString() =>
            $"the transaction at {At} is another one: the log has {Written(Xid, CommittedAt)}, the server sends {Sent}";
    }

    /// <summary>The difference, as part of a sentence.</summary>
    public abstract override string ToString();

    private static string Written(ulong xid, DateTimeOffset at) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"xid {(uint)xid} of {at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}"
        );
}
