using System.Security.Cryptography;
using Npgsql;

namespace Strangler.Demo.Sample;

/// <summary>
/// The gateway's rights in the legacy database: connect, and query its position. It has no rights on any table.
/// </summary>
internal sealed record GatewayLogin(string User, string Password)
{
    /// <param name="owner">A connection of the database's owner, who may create logins.</param>
    public static async Task<GatewayLogin> CreateAsync(NpgsqlDataSource owner, CancellationToken cancellationToken)
    {
        var login = new GatewayLogin("strangler_gateway", Convert.ToHexString(RandomNumberGenerator.GetBytes(12)));
        await using var command = owner.CreateCommand($"create role {login.User} login password '{login.Password}'");
        await command.ExecuteNonQueryAsync(cancellationToken);
        return login;
    }
}
