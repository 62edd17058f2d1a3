using System.Security.Cryptography;
using Dapper;
using Npgsql;

namespace Strangler.Gateway.Sessions;

/// <summary>The keys in the store. Two gateways may each make one at once; all of them are accepted.</summary>
internal sealed class SessionKeyStore(NpgsqlDataSource store)
{
    private const string Add = """
        insert into gateway.session_key (secret)
        select @Secret
        where not exists (
            select from gateway.session_key where created_at > clock_timestamp() - @Rotation
        )
        """;

    private const string Remove = """
        delete from gateway.session_key as old
        where exists (
            select from gateway.session_key as next
            where next.id > old.id and next.created_at < clock_timestamp() - @Kept
        )
        """;

    private const string ReadAll = """
        select id, secret, clock_timestamp() - created_at as Age from gateway.session_key order by id
        """;

    /// <summary>Makes a key if it is time to, removes those that have died, and reads the others.</summary>
    public async Task<SessionKeySet?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        var made = new { Secret = RandomNumberGenerator.GetBytes(SessionKey.Bytes), SessionKeySet.Rotation };
        var added = await connection.ExecuteAsync(
            new CommandDefinition(Add, made, cancellationToken: cancellationToken)
        );
        if (added > 0)
            await connection.ExecuteAsync(
                new CommandDefinition(Remove, new { SessionKeySet.Kept }, cancellationToken: cancellationToken)
            );
        var rows = await connection.QueryAsync<KeyRow>(
            new CommandDefinition(ReadAll, cancellationToken: cancellationToken)
        );
        return SessionKeySet.Of([.. rows.Select(row => new SessionKey(row.Id, row.Secret, row.Age))]);
    }

    private sealed record KeyRow(int Id, byte[] Secret, TimeSpan Age);
}
