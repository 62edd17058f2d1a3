using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Gateway.Sessions;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Sessions;

/// <summary>A route with <c>Freshness: session</c> whose documents are as far as a test says.</summary>
internal static class SessionRoute
{
    public const string Target = "/api/items/7/availability";
    public const string Route = "ReverseProxy:Routes:availability:Strangler:";
    public const string Document = """{"sku":7}""";
    public const string Legacy = $"legacy {Target}";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<GatewaySetup> StartAsync(
        PostgresFixture postgres,
        params (string Key, string? Value)[] settings
    )
    {
        var legacy = await Upstream.StartAsync(context =>
        {
            if (context.Request.Path.Value!.EndsWith("timeout", StringComparison.Ordinal))
                context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
            return context.Response.WriteAsync($"legacy {context.Request.Path}");
        });
        var setup = await GatewaySetup.StartAsync(postgres, legacy, start: false);
        setup.Answers.Put("7", Document);
        await ApplyAsync(setup, new Lsn(8));
        await StartAnotherAsync(setup, settings);
        return setup;
    }

    /// <summary>A gateway whose documents have everything so far, and that has answered one request.</summary>
    public static async Task StartAnotherAsync(GatewaySetup setup, params (string Key, string? Value)[] settings)
    {
        await setup.StartGatewayAsync(
            "lookup",
            [
                ("Gateway:Source", setup.Store),
                ("Gateway:SessionWrites:0", "rest"),
                (Route + "Freshness", "session"),
                .. settings,
            ]
        );
        if (
            settings.Any(setting =>
                setting.Key.EndsWith("Hosts:0", StringComparison.Ordinal) && setting.Value is not null
            )
        )
        {
            await GatewaySetup.UntilAsync(() => setup.Gateway.SessionKeys.Keys is not null, "the keys are read");
            return;
        }
        await GatewaySetup.UntilAsync(() => setup.Gateway.Ages.IsLookedAt, "the source was looked at");
        await GatewaySetup.UntilAsync(
            async () =>
            {
                var reading = ReadAsync(setup, null);
                // telling it writes to the log, too, of which source and store are
                while (await Task.WhenAny(reading, Task.Delay(Pause, TimeProvider.System, Cancellation)) != reading)
                    await ApplyAsync(setup, await EndAsync(setup));
                return await reading == Document;
            },
            "the lookup answers"
        );
    }

    public static async Task<string> WriteAsync(GatewaySetup setup, HttpClient? client = null)
    {
        using var answer = await SendWriteAsync(setup, client);
        return TokenOf(answer);
    }

    /// <summary>Writes something to the source first, as legacy would.</summary>
    public static async Task<HttpResponseMessage> SendWriteAsync(GatewaySetup setup, HttpClient? client = null)
    {
        await using var data = NpgsqlDataSource.Create(setup.Store);
        await using var write = data.CreateCommand("create table if not exists w (a int); insert into w values (1)");
        await write.ExecuteNonQueryAsync(Cancellation);
        return await (client ?? setup.Client).PutAsync("/x", new StringContent("{}"), Cancellation);
    }

    public static string TokenOf(HttpResponseMessage answer) =>
        Assert.Single(answer.Headers.GetValues(SessionHeaders.Position));

    public static async Task<HttpResponseMessage> GetAsync(GatewaySetup setup, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Target);
        if (token is not null)
            request.Headers.Add(SessionHeaders.Position, token);
        return await setup.Client.SendAsync(request, Cancellation);
    }

    public static async Task<string> ReadAsync(GatewaySetup setup, string? token)
    {
        using var answer = await GetAsync(setup, token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    public static Task ReadUntilAsync(GatewaySetup setup, string? token, string answer) =>
        GatewaySetup.UntilAsync(async () => await ReadAsync(setup, token) == answer, $"'{answer}' is read");

    /// <summary>Everything before an LSN is applied, and the projections say so.</summary>
    public static async Task ApplyAsync(GatewaySetup setup, Lsn before)
    {
        var position = Position.EndOf(1, before.JustBefore);
        setup.Answers.Watermark = new Watermark("shop", position, TimeProvider.System.GetUtcNow());
        await using var data = NpgsqlDataSource.Create(setup.Store);
        await using var tell = data.CreateCommand("select pg_notify($1, $2)");
        tell.Parameters.AddWithValue(AppliedPosition.Channel);
        tell.Parameters.AddWithValue(new AppliedPosition("shop", position).ToString());
        await tell.ExecuteNonQueryAsync(Cancellation);
    }

    public static async Task<Lsn> EndAsync(GatewaySetup setup)
    {
        await using var data = NpgsqlDataSource.Create(setup.Store);
        await using var command = data.CreateCommand("select pg_current_wal_insert_lsn()::text");
        return Lsn.Parse((string)(await command.ExecuteScalarAsync(Cancellation))!, CultureInfo.InvariantCulture);
    }

    public static async Task<NpgsqlConnection> ListenAsync(GatewaySetup setup, string channel)
    {
        var connection = new NpgsqlConnection(setup.Store);
        await connection.OpenAsync(Cancellation);
        await using var listen = new NpgsqlCommand($"listen {channel}", connection);
        await listen.ExecuteNonQueryAsync(Cancellation);
        return connection;
    }
}
