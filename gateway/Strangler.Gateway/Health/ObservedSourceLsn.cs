using Strangler.ChangeLog;

namespace Strangler.Gateway.Health;

/// <summary>One look at the source, for the age of documents.</summary>
/// <param name="Sent">This gateway's time just before the source was asked.</param>
/// <param name="Server">The run of its server, identified by its start.</param>
/// <param name="Lsn">Its insert LSN. Everything that it had committed before the question is before this LSN.</param>
internal readonly record struct ObservedSourceLsn(TimeSpan Sent, string Server, Lsn Lsn);
