using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.Demo.Processes;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;
using Strangler.Projections.Configuration;
using Strangler.Projections.Loading;
using Strangler.Projections.Moments;
using Strangler.Projections.Tests.Applying;
using Strangler.Projections.Tests.Versions;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Moments;

/// <summary>The part as it is started in production, asked over HTTP.</summary>
public sealed class MomentsServerTests(PostgresFixture postgres) : IDisposable
{
    private const string Team = """
        using System;
        using Strangler.Projections;

        namespace Shop;

        public sealed record Stock(string Sku, int Quantity, string? Note);
        public sealed record Availability(string Sku, int Quantity);

        public readonly record struct Sku(string Value) : IParsable<Sku>
        {
            public static Sku Parse(string text, IFormatProvider? provider) => new(text);
            public static bool TryParse(string? text, IFormatProvider? provider, out Sku sku)
            {
                sku = new(text ?? "");
                return text is { Length: > 0 };
            }
            public override string ToString() => Value;
        }

        public sealed class ItemAvailability : IProjection<Sku, Availability>
        {
            public static void Declare(ISources<Sku> from) =>
                from.Table<Stock>("public.stock").Key(stock => new Sku(stock.Sku));

            public static Projected<Availability> Project(Sku key, Rows rows, DateTimeOffset now) =>
                new(new Availability(key.Value, rows.Single<Stock>()!.Quantity));
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("strangler-moments-").FullName;

    private string SecretFile => Path.Combine(_folder, "moments");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task EvaluateAsync_OverHttp_AKeyAtRestIsItsDocumentAndOneThatMovedHasItsMoments()
    {
        var connection = await postgres.CreateDatabaseAsync();
        await using var store = NpgsqlDataSource.Create(connection);
        await StoreMigration.MigrateAsync(store, [EmbeddedLogSchema.Value, ProjectionsSchema.Value], Cancel);
        var configuration = Configuration(connection, FreePort.Take());
        await using var log = new EmbeddedChangeLog(store, new EmbeddedLogOptions(), TimeProvider.System);
        await using var source = new SourceLog(TimeProvider.System, log);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1), Stocks.Row("b", 10)]));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = ProjectionsPart.RunAsync(configuration, NullLoggerFactory.Instance, stop.Token);
        var answers = new StoreAnswers(store, TimeProvider.System) { Patience = TimeSpan.FromMinutes(1) };
        var projection = Assert.Single(ProjectionCatalog.Load(configuration)).Id;
        while ((await answers.FindAsync(projection, ["a"], Cancel)).Found[0] is not Found.Document)
        {
            if (running.IsCompleted)
                Assert.Fail($"It ended with {await running}.");
            await log.WaitAsync(SourceLog.Source, source.End, TimeSpan.FromMilliseconds(20), Cancel);
        }
        var moments = MomentsClient.Of(configuration)!;

        var clock = TimeProvider.System.GetUtcNow();
        var before = source.Look();
        var commit = await source.CommitAsync(
            SourceLog.Update(Stocks.Schema, Stocks.Row("b", 11).Key, Stocks.Row("b", 11).Row)
        );
        await source.ProgressAsync();
        var question = new BracketQuestion(
            projection,
            ["b", "a", "c"],
            before,
            source.InsertLsn,
            clock,
            TimeProvider.System.GetUtcNow(),
            TimeSpan.FromSeconds(30)
        );
        var asking = moments.EvaluateAsync(question, Cancel);
        await source.ProgressAsync();
        var answer = await asking;
        // The store shows the first step a moment before the part itself counts it.
        if (answer is BracketFound.Undetermined { Reason: UndeterminedReason.EpochChanged })
            answer = await moments.EvaluateAsync(question, Cancel);
        var found = Assert.IsType<BracketFound.Evaluated>(answer);

        Assert.Equal(["b", "a", "c"], found.Keys.Select(key => key.Key));
        Assert.Equal(
            (false, 1, (Position?)commit),
            (found.Keys[0].Quiet, found.Keys[0].Commits, found.Keys[0].Touched)
        );
        Assert.Equal(
            ["""{"sku":"b","quantity":10}""", """{"sku":"b","quantity":11}"""],
            found.Keys[0].Moments.Select(Text)
        );
        Assert.Equal(
            (true, """{"sku":"a","quantity":1}"""),
            (found.Keys[1].Quiet, Text(Assert.Single(found.Keys[1].Moments)))
        );
        Assert.True(found.Keys[2].Quiet);
        Assert.IsType<Made.Absent>(Assert.Single(found.Keys[2].Moments).Made);
        Assert.InRange(found.PassedAt, clock, TimeProvider.System.GetUtcNow());
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Success, await running);
        await Assert.ThrowsAsync<MomentsUnavailableException>(() =>
            moments
                .EvaluateAsync(
                    new BracketQuestion(projection, ["a"], before, before.End, clock, clock, TimeSpan.Zero),
                    Cancel
                )
                .AsTask()
        );
    }

    [Fact]
    public async Task Server_AnotherHostAPageOrNoJson_IsRefused()
    {
        MomentsSecret.Ensure(SecretFile);
        await using var server = await MomentsServer.StartAsync(
            new Uri("http://127.0.0.1:0"),
            new(SecretFile),
            new RefusingMoments(),
            NullLoggerFactory.Instance,
            Cancel
        );
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        using var http = new HttpClient(handler) { BaseAddress = server.Address };

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, _ => { }));
        Assert.Equal(
            HttpStatusCode.Forbidden,
            await StatusAsync(HttpMethod.Get, request => request.Headers.Host = "rebound.example")
        );
        Assert.Equal(
            HttpStatusCode.Forbidden,
            await StatusAsync(HttpMethod.Get, request => request.Headers.Add("Origin", "http://page.example"))
        );
        Assert.Equal(
            HttpStatusCode.UnsupportedMediaType,
            await StatusAsync(
                HttpMethod.Post,
                request => request.Content = new StringContent("{}", Encoding.UTF8, "text/plain")
            )
        );
        foreach (var path in (string[])["moments/evaluate", "moments/explain"])
        {
            Assert.Equal(
                HttpStatusCode.Unauthorized,
                await StatusAsync(HttpMethod.Post, request => request.Content = JsonContent.Create("no question"), path)
            );
            Assert.Equal(
                HttpStatusCode.Unauthorized,
                await StatusAsync(
                    HttpMethod.Post,
                    request =>
                    {
                        request.Content = JsonContent.Create("no question");
                        request.Headers.Add("Authorization", "Bearer guessed");
                    },
                    path
                )
            );
        }
        http.DefaultRequestHeaders.Authorization = new(
            "Bearer",
            (await File.ReadAllTextAsync(SecretFile, Cancel)).Trim()
        );
        Assert.Equal(
            HttpStatusCode.BadRequest,
            await StatusAsync(
                HttpMethod.Post,
                request => request.Content = JsonContent.Create("no question"),
                "moments/evaluate"
            )
        );
        Assert.Equal(
            HttpStatusCode.BadRequest,
            await StatusAsync(
                HttpMethod.Post,
                request => request.Content = JsonContent.Create(new { Key = "a", Position = "soon" }),
                "moments/explain"
            )
        );
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            await StatusAsync(
                HttpMethod.Post,
                request =>
                {
                    // Refused by its length, before it is sent: a client that still sends may find only a reset.
                    request.Content = new StringContent(new string('x', 2 << 20), Encoding.UTF8, "application/json");
                    request.Headers.ExpectContinue = true;
                },
                "moments/evaluate"
            )
        );
        var refused = await Assert.ThrowsAsync<MomentsUnavailableException>(() =>
            new MomentsClient(http, new(SecretFile))
                .ExplainAsync(new ExplainQuestion(default, "", default, default), Cancel)
                .AsTask()
        );
        Assert.Contains("no room", refused.Message, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SecretFile));

        async Task<HttpStatusCode> StatusAsync(
            HttpMethod method,
            Action<HttpRequestMessage> change,
            string path = "moments/health"
        )
        {
            using var request = new HttpRequestMessage(method, path);
            change(request);
            return (await http.SendAsync(request, Cancel)).StatusCode;
        }
    }

    /// <summary>
    /// Without the secret the refusal has a message; with a new secret the next question is answered without a restart.
    /// </summary>
    [Fact]
    public async Task Secret_MadeAndReplacedUnderWay_IsTakenByBothSides()
    {
        await using var server = await MomentsServer.StartAsync(
            new Uri("http://127.0.0.1:0"),
            new(SecretFile),
            new RefusingMoments(),
            NullLoggerFactory.Instance,
            Cancel
        );
        using var http = new HttpClient { BaseAddress = server.Address };
        var client = new MomentsClient(http, new(SecretFile));

        var without = await AskAsync(client);
        MomentsSecret.Ensure(SecretFile);
        var made = await AskAsync(client);
        File.Delete(SecretFile);
        var kept = await AskAsync(client);
        MomentsSecret.Ensure(SecretFile);
        var another = await AskAsync(new MomentsClient(http, new(SecretFile)));
        var stale = await AskAsync(client);
        var again = await AskAsync(client);
        var ofNone = await AskAsync(new MomentsClient(http, new(null)));

        Assert.Contains($"doesn't show the secret of '{SecretFile}'", without, StringComparison.Ordinal);
        Assert.All([made, kept, another, again], said => Assert.Contains("no room", said, StringComparison.Ordinal));
        Assert.All(
            [stale, ofNone],
            said => Assert.Contains("doesn't show the secret of", said, StringComparison.Ordinal)
        );

        static async Task<string> AskAsync(MomentsClient client) =>
            (
                await Assert.ThrowsAsync<MomentsUnavailableException>(() =>
                    client.ExplainAsync(new ExplainQuestion(default, "", default, default), Cancel).AsTask()
                )
            ).Message;
    }

    /// <summary>A bug that every question meets is logged in a few lines.</summary>
    [Fact]
    public async Task Log_AThousandQuestionsThatFail_IsAFewLines()
    {
        MomentsSecret.Ensure(SecretFile);
        using var log = new SaidLoggers();
        await using var server = await MomentsServer.StartAsync(
            new Uri("http://127.0.0.1:0"),
            new(SecretFile),
            new FailingMoments(),
            log,
            Cancel
        );
        using var http = new HttpClient { BaseAddress = server.Address };
        var client = new MomentsClient(http, new(SecretFile));

        for (var question = 0; question < 1_000; question++)
            await Assert.ThrowsAsync<MomentsUnavailableException>(() =>
                client.ExplainAsync(new ExplainQuestion(default, "", default, default), Cancel).AsTask()
            );

        Assert.Contains(
            "A question about moments failed at '/moments/explain'",
            log.Said.ToString(),
            StringComparison.Ordinal
        );
        Assert.Contains("   at ", log.Said.ToString(), StringComparison.Ordinal);
        Assert.InRange(log.Said.Length, 1, 4_000);
    }

    private sealed class FailingMoments : IMoments
    {
        private int _count;

        public ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Not asked for.");

        public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) =>
            throw new InvalidOperationException($"Question {Interlocked.Increment(ref _count)} failed.");
    }

    /// <summary>Collects the log as a console would write it.</summary>
    private sealed class SaidLoggers : ILoggerFactory, ILogger
    {
        public System.Text.StringBuilder Said { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) { }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            lock (Said)
                Said.Append(formatter(state, exception)).Append(' ').Append(exception).Append('\n');
        }

        public void Dispose() { }
    }

    [Theory]
    [InlineData("http://10.0.0.1:8082")]
    [InlineData("https://127.0.0.1:8082")]
    [InlineData("http://127.0.0.1:8082/path")]
    [InlineData("8082")]
    public async Task Configuration_AddressOfNoPortOfThisMachine_IsAFault(string address)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Projections:Moments"] = address })
            .Build();

        Assert.Contains(
            await ProjectionsCheck.CheckAsync(configuration, Cancel),
            fault => fault.Path == "Projections:Moments"
        );
        Assert.Null(MomentsClient.Of(configuration));
    }

    private IConfiguration Configuration(string connection, int port)
    {
        var assembly = Path.Combine(_folder, "Team.dll");
        Compiler.Compile(_folder, "Team", [("Team.cs", Team)], typeof(IResponder).Assembly.Location);
        return new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Store:ConnectionString"] = connection,
                    ["Source:topic.prefix"] = SourceLog.Source,
                    ["Projections:Assemblies:0"] = assembly,
                    ["Projections:Moments"] = $"http://127.0.0.1:{port}",
                    ["Projections:MomentsSecretFile"] = SecretFile,
                }
            )
            .Build();
    }

    private static string Text(KeyMoment moment) =>
        Encoding.UTF8.GetString(Assert.IsType<Made.Document>(moment.Made).Bytes.Span);

    private sealed class RefusingMoments : IMoments
    {
        public ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken) =>
            throw new MomentsUnavailableException("There is no room.");

        public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) =>
            throw new MomentsUnavailableException("there is no room");
    }
}
