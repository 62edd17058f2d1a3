using System.Security.Cryptography;
using Npgsql;

namespace Strangler.Demo.Sample;

/// <summary>
/// What the gateway may do in the legacy database: connect, and ask how far it is. It has no right on any table.
/// </summary>
internal sealed record GatewayLogin(string User, string Password)
{
    /// <param name="owner">A connection of the database's owner, who may make logins.</param>
    public static async Task<GatewayLogin> CreateAsync(NpgsqlDataSource owner, CancellationToken cancellationToken)
    {
        var login = new GatewayLogin("strangler_gateway", Convert.ToHexString(RandomNumberGenerator.GetBytes(12)));
        await using var command = owner.CreateCommand($"create role {login.User} login password '{login.Password}'");
        await command.ExecuteNonQueryAsync(cancellationToken);
        return login;
    }
}
