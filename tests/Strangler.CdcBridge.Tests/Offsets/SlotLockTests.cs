using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Strangler.CdcBridge.Offsets;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Offsets;

/// <summary>A slot's lock whose session the server keeps, since it doesn't notice that the client is gone.</summary>
public sealed class SlotLockTests(PostgresFixture postgres)
{
    [Fact]
    public async Task TakeAsync_HeldByTheFormerSession_EndsThatOne()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("lock"));
        await using var former = await TakeAsync(source, null, TimeSpan.Zero);

        await using var next = await TakeAsync(source, former.Session, TimeSpan.FromMinutes(2));

        Assert.NotEqual(former.Session.Process, next.Session.Process);
    }

    /// <summary>A process has the same number as the former session's, but is another bridge's.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TakeAsync_HeldByAnotherSession_LeavesItAlone(bool hasSameNumber)
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("lock"));
        await using var other = await TakeAsync(source, null, TimeSpan.Zero);
        var former = hasSameNumber ? other.Session with { Began = other.Session.Began.AddSeconds(-1) } : null;

        var refused = await Assert.ThrowsAsync<FaultException>(() => TakeAsync(source, former, TimeSpan.Zero));

        Assert.Contains($"process {other.Session.Process}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(other.Session.Process, await HolderAsync(source));
    }

    private static Task<SlotLock> TakeAsync(NpgsqlDataSource source, SlotSession? former, TimeSpan patience) =>
        SlotLock.TakeAsync(
            source,
            "slot",
            former,
            patience,
            TimeProvider.System,
            monitor: null,
            NullLogger.Instance,
            TestContext.Current.CancellationToken
        );

    private static async Task<int> HolderAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand(
            "select pid from pg_locks where locktype = 'advisory' and granted "
                + "and database = (select oid from pg_database where datname = current_database())"
        );
        return (int)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
