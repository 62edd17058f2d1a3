using System.Security.Cryptography;
using Npgsql;
using Strangler.Foundation.Postgres;

namespace Strangler.Demo.Sample;

/// <summary>
/// The bridge's rights in the legacy database, granted by its owner: replicate, and read the tables. The publication is
/// also created here, because that requires ownership of the tables, which a bridge should not have.
/// </summary>
internal sealed record BridgeLogin(string User, string Password, IReadOnlyList<string> Tables)
{
    public const string Publication = "strangler";

    /// <param name="owner">A connection of the database's owner, who may create logins.</param>
    /// <param name="tables">Tables with their schema.</param>
    public static async Task<BridgeLogin> CreateAsync(
        NpgsqlDataSource owner,
        IReadOnlyList<string> tables,
        CancellationToken cancellationToken
    )
    {
        var login = new BridgeLogin(
            "strangler_bridge",
            Convert.ToHexString(RandomNumberGenerator.GetBytes(12)),
            tables
        );
        var names = string.Join(
            ", ",
            tables.Select(table => table.Split('.', 2)).Select(parts => SqlName.Quote(parts[0], parts[1]))
        );
        var schemas = string.Join(", ", tables.Select(table => SqlName.Quote(table.Split('.', 2)[0])).Distinct());
        await using var command = owner.CreateCommand(
            $"""
            create role {login.User} login replication password '{login.Password}';
            grant usage on schema {schemas} to {login.User};
            grant select on {names} to {login.User};
            create publication {Publication} for table {names};
            """
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
        return login;
    }
}
