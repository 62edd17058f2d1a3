namespace Strangler.Foundation.Postgres;

/// <summary>
/// One run of a server, from its start to its end. A server that was restored to an older state, recovered, promoted or
/// replaced is another run, even if its system identifier and its positions are the same.
/// </summary>
public static class ServerRun
{
    /// <summary>
    /// When the server's run began, to the microsecond, in UTC: <c>2026-11-30T16:19:50.123456Z</c>. Any login may query
    /// it.
    /// </summary>
    public const string StartedSql =
        "select to_char(pg_postmaster_start_time() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
}
