using System.Text;
using Dapper;
using Npgsql;

namespace Strangler.Demo.Show;

/// <summary>Somebody in the shop, who uses the gateway.</summary>
/// <param name="http">The client.</param>
/// <param name="gateway">Its address.</param>
/// <param name="sku">The item that this person looks at.</param>
internal sealed class Shop(HttpClient http, Uri gateway, string sku) : IShop
{
    /// <summary>An item that hardly anybody else reads or changes.</summary>
    public static async Task<string> LastItemAsync(NpgsqlDataSource shop, CancellationToken cancellationToken)
    {
        await using var connection = await shop.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<string>(
                new CommandDefinition(
                    "select max(sku) from item where status = 'A'",
                    cancellationToken: cancellationToken
                )
            ) ?? "";
    }

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri(gateway, $"/api/items/{sku}"), cancellationToken);
    }

    public async Task AddSurchargeAsync(CancellationToken cancellationToken)
    {
        using var body = new StringContent("""{"value":3}""", Encoding.UTF8, "application/json");
        using var answer = await http.PutAsync(new Uri(gateway, "/api/settings/surcharge"), body, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
