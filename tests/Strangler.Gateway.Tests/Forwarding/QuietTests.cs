using Microsoft.Extensions.Time.Testing;
using Strangler.Foundation.Logging;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>Whatever clients and legacy do, the log has a few lines about it, without stack traces.</summary>
public sealed class QuietTests(PostgresFixture postgres)
{
    private const string Head = "POST /a HTTP/1.1\r\nHost: shop.example\r\n";

    [Theory]
    [InlineData(Head + "Content-Length: 100\r\n\r\ntoo short")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n\r\n")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel")]
    public async Task Log_AThousandBrokenUploads_IsAFewLines(string broken)
    {
        using var log = new KeptLog();
        await using (
            var setup = await RawSetup.StartAsync(
                postgres,
                RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
                "legacy",
                log
            )
        )
        {
            for (var upload = 0; upload < 1_000; upload++)
            {
                using var connection = await setup.ConnectAsync();
                await connection.WriteAsync(broken);
            }
            await GatewaySetup.UntilAsync(() => !setup.Upstream.Asked.IsEmpty, "legacy was asked at all");
        }

        Assert.Contains(
            log.Lines,
            line =>
                line.Contains(
                    "RequestBodyClient: The client reported an error when copying the request body.",
                    StringComparison.Ordinal
                )
        );
        Assert.DoesNotContain(log.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
        Assert.InRange(log.Size, 0, 4_000);
    }

    [Fact]
    public async Task Log_LegacyIsDown_SaysSoOnceWithItsAddress()
    {
        using var log = new KeptLog();
        await using (
            var setup = await RawSetup.StartAsync(
                postgres,
                RawUpstream.Answering(""),
                "legacy",
                log,
                (
                    "ReverseProxy:Clusters:legacy:Destinations:d1:Address",
                    $"http://127.0.0.1:{Demo.Processes.FreePort.Take()}"
                )
            )
        )
        {
            using var connection = await setup.ConnectAsync();
            for (var request = 0; request < 500; request++)
                Assert.Equal((502, null), await setup.AskForAsync(connection, "/a"));
        }

        Assert.Contains(
            log.Lines,
            line =>
                line.Contains(
                    "Request: An error was encountered before receiving a response. Connection refused (127.0.0.1:",
                    StringComparison.Ordinal
                )
        );
        Assert.DoesNotContain(log.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
        Assert.InRange(log.Lines.Count(line => line.Contains("Connection refused", StringComparison.Ordinal)), 1, 3);
    }

    [Fact]
    public async Task Log_AHealthProbeThatFails_SaysWhatItChangedAndNotEachProbe()
    {
        using var log = new KeptLog();
        var health = "ReverseProxy:Clusters:legacy:HealthCheck:Active:";
        await using (
            var setup = await RawSetup.StartAsync(
                postgres,
                RawUpstream.Closing(),
                "legacy",
                log,
                (health + "Enabled", "true"),
                (health + "Interval", "00:00:00.010"),
                (health + "Timeout", "00:00:01"),
                (health + "Policy", "ConsecutiveFailures"),
                (health + "Path", "/health")
            )
        )
        {
            await GatewaySetup.UntilAsync(() => setup.Upstream.Asked.Count >= 150, "legacy was probed 150 times");
        }

        Assert.Single(
            log.Lines,
            line =>
                line.Contains(
                    "Active health state of destination `d1` on cluster `legacy` is set to 'Unhealthy'.",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(
            log.Lines,
            line => line.Contains("Probing destination `d1` on cluster `legacy` failed.", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(log.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
        Assert.InRange(log.Size, 0, 4_000);
    }

    /// <summary>
    /// The gateway's own messages about requests are as few, although each exception has its own text.
    /// </summary>
    [Theory]
    [InlineData("Respond throws", "lookup")]
    [InlineData("looking up throws", "lookup")]
    [InlineData("reading keys throws", "lookup")]
    [InlineData("reading keys throws", "shadow")]
    [InlineData("the answer's headers throw", "lookup")]
    public async Task Log_AThousandRequestsForWhichSomethingOfTheTeamsThrows_IsAFewLines(string fault, string stage)
    {
        using var log = new KeptLog();
        var server = await postgres.CreateDatabaseAsync("quiet");
        await using (
            var setup = new GatewaySetup
            {
                Store = server,
                Upstream = await Upstream.EchoAsync(),
                Loggers = log,
            }
        )
        {
            await setup.MigrateAsync();
            setup.Answers.Put("7", "{}");
            await setup.StartGatewayAsync(stage, ("Gateway:Source", server));
            var thrown = 0;
            Exception Next() =>
                new FormatException($"Request {Interlocked.Increment(ref thrown)}: {new string('x', 1_000)}");
            switch (fault)
            {
                case "Respond throws":
                    setup.Responder.Instead = _ => throw Next();
                    break;
                case "looking up throws":
                    setup.Answers.Failure = Next();
                    break;
                case "reading keys throws":
                    setup.Responder.KeyInstead = _ => throw Next();
                    break;
                default:
                    setup.Responder.Instead = _ => new Projections.Answer(200, null!, default);
                    break;
            }

            for (var request = 0; request < 1_000; request++)
                Assert.StartsWith(
                    "legacy ",
                    await setup.Client.GetStringAsync(
                        "/api/items/7/availability",
                        TestContext.Current.CancellationToken
                    ),
                    StringComparison.Ordinal
                );
        }

        Assert.Contains(
            log.Lines,
            line =>
                line.Contains("'availability'", StringComparison.Ordinal)
                || line.Contains("'ItemAvailability'", StringComparison.Ordinal)
        );
        Assert.InRange(log.Size, 0, 4_000);
    }

    /// <summary>
    /// A change of state is logged within a second, whatever the state was before and however often it was logged.
    /// </summary>
    [Fact]
    public void Log_StatesThatChange_TheLatestIsSaidWithinASecond()
    {
        var time = new FakeTimeProvider();
        using var log = new KeptLog();
        using var quiet = new QuietLoggers(log, time);
        var logger = quiet.CreateLogger("Strangler.Gateway.Stages");
        for (var change = 0; change < 100; change++)
        {
            foreach (var state in new[] { "lookup", "shadow", "legacy" })
                Said(logger, "availability", state, null);
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Contains("is in legacy", log.Lines.Last(), StringComparison.Ordinal);
        }

        Assert.InRange(log.Lines.Count, 100, 201);
    }

    /// <summary>The stack trace is logged once, and the text of each line is bounded.</summary>
    [Fact]
    public void Log_ExceptionOverAndOver_HasItsTraceOnceAndABound()
    {
        var time = new FakeTimeProvider();
        using var log = new KeptLog();
        using var quiet = new QuietLoggers(log, time);
        var logger = quiet.CreateLogger("Strangler.Gateway.Lookup");
        for (var second = 0; second < 1_000; second++)
        {
            try
            {
                throw new InvalidOperationException($"{second} {new string('x', 100_000)}");
            }
            catch (InvalidOperationException exception)
            {
                Said(logger, "availability", "trouble", exception);
                Said(logger, "availabilities", "trouble", exception);
            }
            time.Advance(TimeSpan.FromSeconds(1));
        }

        foreach (var route in new[] { "'availability'", "'availabilities'" })
        {
            var lines = log.Lines.Where(line => line.Contains(route, StringComparison.Ordinal)).ToList();
            Assert.Equal(4, lines.Count); // at 0 s, 1 s, 11 s, 111 s
            Assert.Single(lines, line => line.Contains("   at ", StringComparison.Ordinal));
            Assert.All(lines, line => Assert.InRange(line.Length, 1, 3_000));
        }
    }

    private static readonly Action<Microsoft.Extensions.Logging.ILogger, string, string, Exception?> Said =
        Microsoft.Extensions.Logging.LoggerMessage.Define<string, string>(
            Microsoft.Extensions.Logging.LogLevel.Warning,
            new(1, "Said"),
            "Route '{RouteId}' is in {State}"
        );

    /// <summary>A probe a second for an hour: at 0 s, 1 s, 11 s, 111 s, 1,111 s.</summary>
    [Fact]
    public void Take_ALineEachSecondForAnHour_IsWrittenRarerAndCountsWhatItLeftOut()
    {
        var time = new FakeTimeProvider();
        var line = new RepeatedLine(isRarer: true);
        var written = new List<(int Second, long LeftOut)>();

        for (var second = 0; second < 3_600; second++)
        {
            if (line.Take(time.GetUtcNow()) is (true, var leftOut))
                written.Add((second, leftOut));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([(0, 0), (1, 0), (11, 9), (111, 99), (1_111, 999)], written);
        Assert.Equal(2_488, line.LeftOut);
    }

    [Fact]
    public void Take_AfterARest_IsNewsAgain()
    {
        var time = new FakeTimeProvider();
        var line = new RepeatedLine(isRarer: true);
        foreach (var pause in new[] { 0, 1, 10, 100 })
        {
            time.Advance(TimeSpan.FromSeconds(pause));
            Assert.Equal((true, 0L), line.Take(time.GetUtcNow()));
        }
        time.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal((true, 0L), line.Take(time.GetUtcNow()));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((true, 0L), line.Take(time.GetUtcNow()));
    }
}
