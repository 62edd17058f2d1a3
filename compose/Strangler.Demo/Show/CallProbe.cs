using System.Diagnostics;
using System.Net.Http.Json;
using Dapper;
using Npgsql;

namespace Strangler.Demo.Show;

/// <summary>
/// Sends a traced request through the gateway now and then, and asks the legacy system which requests resulted.
/// </summary>
internal sealed class CallProbe(
    HttpClient http,
    Uri gateway,
    Uri legacy,
    IReadOnlyList<string> paths,
    TimeProvider time
)
{
    private int _next;

    /// <summary>One of the paths.</summary>
    public string Path => paths[0];

    /// <summary>Paths of the availability route for some items that are sold.</summary>
    public static async Task<IReadOnlyList<string>> PathsAsync(
        NpgsqlDataSource shop,
        CancellationToken cancellationToken
    )
    {
        const string Sql = """
            select '/api/items/' || sku || '/availability?area=' || (select min(code) from area)
            from item where status = 'A' order by sku desc limit 50
            """;
        await using var connection = await shop.OpenConnectionAsync(cancellationToken);
        return
        [
            .. await connection.QueryAsync<string>(new CommandDefinition(Sql, cancellationToken: cancellationToken)),
        ];
    }

    /// <summary>
    /// Calls the legacy system directly until its code has been compiled, so that the figures are those of a warm
    /// system.
    /// </summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        foreach (var path in paths)
        {
            try
            {
                using var response = await http.GetAsync(new Uri(legacy, path), cancellationToken);
            }
            catch (HttpRequestException)
            {
                // The traffic will report it.
            }
        }
    }

    /// <summary>Null: the request failed, so nothing is known about its calls.</summary>
    public async Task<CallTree?> MeasureAsync(CancellationToken cancellationToken)
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway, paths[_next++ % paths.Count]));
        request.Headers.TryAddWithoutValidation(
            "traceparent",
            $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01"
        );
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
                return null;
            var answered = time.GetUtcNow(); // what legacy is asked later compares the answer
            var log = await http.GetFromJsonAsync<RequestLog>(
                new Uri(legacy, $"/requests?trace={trace}"),
                cancellationToken
            );
            return CallTree.Of([.. (log?.Requests ?? []).Where(call => call.BeganAt <= answered)]);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    private sealed record RequestLog(IReadOnlyList<Call> Requests);
}
