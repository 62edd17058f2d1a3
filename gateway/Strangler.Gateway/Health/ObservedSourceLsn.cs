namespace Strangler.Gateway.Health;

/// <summary>One look at the source, for the age of documents.</summary>
/// <param name="Sent">This gateway's time just before the source was asked.</param>
/// <param name="Server">The run of its server: when it started.</param>
/// <param name="Lsn">Its insert LSN: what it had committed before it was asked stands before this.</param>
internal readonly record struct ObservedSourceLsn(TimeSpan Sent, string Server, SourceLsn Lsn);
