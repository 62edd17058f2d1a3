using Npgsql;
using Strangler.Foundation.Store;
using Strangler.Gateway.Sessions;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Sessions;

/// <summary>The keys in the store.</summary>
public sealed class SessionKeyStoreTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_SeveralGateways_HaveTheSameKey()
    {
        await using var data = await StoreAsync();

        var first = await new SessionKeyStore(data).ReadAsync(Cancellation);
        var second = await new SessionKeyStore(data).ReadAsync(Cancellation);

        Assert.Equal(first!.Signing.Secret.ToArray(), second!.Signing.Secret.ToArray());
        Assert.Equal(SessionKey.Bytes, first.Signing.Secret.Length);
        Assert.NotEqual(new byte[SessionKey.Bytes], first.Signing.Secret.ToArray());
    }

    [Fact]
    public async Task ReadAsync_NewestIsADayOld_AddsOneAndGoesOnAcceptingTheOther()
    {
        await using var data = await StoreAsync();
        var store = new SessionKeyStore(data);
        var token = new SessionToken(null, DateTimeOffset.UnixEpoch);
        var signed = TokenCodec.Write(token, (await store.ReadAsync(Cancellation))!.Signing);

        await AgeAsync(data, "1 day");
        var added = await store.ReadAsync(Cancellation);
        await AgeAsync(data, "30 seconds");
        var adopted = await store.ReadAsync(Cancellation);

        Assert.Equal((1, 2), (added!.Signing.Id, adopted!.Signing.Id));
        Assert.Equal(new SessionText.Signed(token), TokenCodec.Read(signed, adopted));
        Assert.NotEqual(adopted.Find(1)!.Secret.ToArray(), adopted.Find(2)!.Secret.ToArray());
    }

    [Fact]
    public async Task ReadAsync_TokensOfAKeyHaveDied_RemovesIt()
    {
        await using var data = await StoreAsync();
        var store = new SessionKeyStore(data);

        for (var day = 0; day < 4; day++)
        {
            await store.ReadAsync(Cancellation);
            await AgeAsync(data, "1 day");
        }
        var keys = await store.ReadAsync(Cancellation);

        // the third was made two days ago, when the second stopped signing
        Assert.Equal([false, false, true, true, true], Enumerable.Range(1, 5).Select(id => keys!.Find(id) is not null));
    }

    private static async Task AgeAsync(NpgsqlDataSource data, string by)
    {
        await using var command = data.CreateCommand(
            $"update gateway.session_key set created_at = created_at - interval '{by}'"
        );
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<NpgsqlDataSource> StoreAsync()
    {
        var data = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("session"));
        await StoreMigration.MigrateAsync(data, [GatewaySchema.Value], Cancellation);
        return data;
    }
}
