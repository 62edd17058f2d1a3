using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using Strangler.Demo.Postgres;
using Strangler.Demo.Processes;
using Xunit;

namespace Strangler.Packages.Tests;

/// <summary>
/// A team's first hour with the packages alone: the template is built, tested, and serves a route with the installed
/// tool. Nothing of this machine is used but its SDK, its PostgreSQL programs and its cache of others' packages, which
/// is only read.
/// </summary>
[Trait("Category", "Long")]
public sealed class InstallationTests(PackedFixture packed)
{
    private const string Team = "Book-shop"; // no C# name, as folders often are
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private const string Tables = """
        create table book (
            id int primary key, title text not null, price numeric(8, 2) not null, withdrawn boolean not null
        );
        create table stock (
            book_id int not null, shop text not null, copies int not null, primary key (book_id, shop)
        );
        insert into book values (8, 'Book 8', 7.00, false), (9, 'Book 9', 7.25, true);
        insert into stock values (8, 'Hamburg', 0), (8, 'Graz', 4)
        """;

    private readonly string _folder = packed.Folder("team");
    private readonly string _home = packed.Folder("home");
    private readonly string _cache = packed.Folder("cache");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Strangler => Path.Combine(_folder, "tools", "strangler");

    private string Project => Path.Combine(_folder, Team);

    private string Configuration => Path.Combine(Project, "strangler.json");

    [Fact]
    public async Task Packages_InstalledIntoAnEmptyFolder_BuildTestAndServeARoute()
    {
        if (PostgresPrograms.Find() is not { } programs)
        {
            Assert.Skip("PostgreSQL's server programs are not on this machine: install Debian's 'postgresql' package.");
            return;
        }
        await InstallAsync();

        await DotnetAsync(Project, "build", "--configuration", "Release");
        var tests = await DotnetAsync(Project, "test", "--configuration", "Release");
        Assert.Contains(tests.Lines, line => line.Trim() == "succeeded: 3");

        await using var legacy = await PostgresServer.StartAsync(programs, null, TimeProvider.System, Cancelled);
        await using var store = await PostgresServer.StartAsync(programs, null, TimeProvider.System, Cancelled);
        var source = await legacy.CreateDatabaseAsync("legacy", Cancelled);
        await ExecuteAsync(source, Tables);
        await ExecuteAsync(source, Text("sql/source.sql"));
        foreach (var statement in Text("sql/store.sql").Split(';', StringSplitOptions.TrimEntries)[..^1])
            await ExecuteAsync(store.ConnectionString(), statement); // a database isn't created in a transaction
        var gateway = Configure(legacy.Port, store.Port);

        (await StranglerAsync("migrate")).AssertDone();
        await ExecuteAsync(
            $"Host=127.0.0.1;Port={store.Port};Username=strangler;Password=store-secret;Database=strangler",
            Text("sql/store-rights.sql")
        );
        (await StranglerAsync("check")).AssertDone();
        var said = new ConcurrentQueue<string>();
        await using var up = GuardedProcess.Start(
            [Strangler, "up", "--config", Configuration],
            Variables(),
            (_, line) => said.Enqueue(line),
            TimeProvider.System
        );
        await UntilAsync(
            async () => (await StranglerAsync("promote", "book", "--force", "--reason", "test")).Code == 0,
            said
        );
        using var http = new HttpClient { BaseAddress = gateway };

        await UntilAsync(async () => await AskAsync(http, "/books/8") is ("lookup", 200, _), said);

        Assert.Equal(
            (
                "lookup",
                200,
                """{"id":8,"title":"Book 8","price":7.00,"copies":4,"shops":[{"shop":"Graz","copies":4}]}"""
            ),
            await AskAsync(http, "/books/8")
        );
        Assert.Equal(("lookup", 404, ""), await AskAsync(http, "/books/9"));

        await ExecuteAsync(source, "update stock set copies = 3 where shop = 'Graz'");
        await UntilAsync(
            async () => (await AskAsync(http, "/books/8")).Body.Contains("\"copies\":3", StringComparison.Ordinal),
            said
        );
    }

    /// <summary>Template, projects and tool come from the feed, others' packages from this machine's cache.</summary>
    private async Task InstallAsync()
    {
        var machine =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        const string All = """<package pattern="*" />""";
        var others = (await SourcesAsync()).Index().ToDictionary(one => $"machine{one.Index}", one => one.Item);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "nuget.config"),
            $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="{packed.Feed}" />
                {string.Concat(others.Select(source => $"<add key=\"{source.Key}\" value=\"{source.Value}\" />"))}
              </packageSources>
              <packageSourceMapping>
                <packageSource key="packed">
                  <package pattern="strangler" />
                  <package pattern="Strangler.*" />
                </packageSource>
                {string.Concat(others.Keys.Select(key => $"<packageSource key=\"{key}\">{All}</packageSource>"))}
              </packageSourceMapping>
              <fallbackPackageFolders><clear /><add key="machine" value="{machine}" /></fallbackPackageFolders>
            </configuration>
            """,
            Cancelled
        );
        var version = packed.Packages["strangler"].Version;
        await DotnetAsync(_folder, "new", "install", $"Strangler.Projections.Templates@{version}");
        await DotnetAsync(_folder, "new", "strangler-projections", "--name", Team);
        await DotnetAsync(_folder, "tool", "install", "strangler", "--version", version, "--tool-path", "tools");
        var told = await StranglerAsync("--version");
        told.AssertDone();
        Assert.Contains(told.Lines, line => line.StartsWith(version, StringComparison.Ordinal));
    }

    /// <summary>Where this machine takes packages from that aren't in its cache.</summary>
    private static async Task<IEnumerable<string>> SourcesAsync()
    {
        var listed = await ProgramRun.RunAsync(
            ["dotnet", "nuget", "list", "source", "--format", "short"],
            Repository.Root,
            new Dictionary<string, string?>(),
            Limit
        );
        listed.AssertDone();
        return listed.Lines.Where(line => line.StartsWith("E ", StringComparison.Ordinal)).Select(line => line[2..]);
    }

    /// <summary>Puts the ports of this test into the template's configuration.</summary>
    /// <returns>The gateway's address.</returns>
    private Uri Configure(int legacy, int store)
    {
        var gateway = FreePort.Take();
        var text = File.ReadAllText(Configuration);
        foreach (
            var (from, to) in new Dictionary<string, int>
            {
                ["5501"] = legacy,
                ["5502"] = store,
                ["8080"] = gateway,
                ["8081"] = FreePort.Take(),
                ["8082"] = FreePort.Take(),
                ["9000"] = FreePort.Take(), // no legacy service: the lookup needs none
            }
        )
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }
        File.WriteAllText(Configuration, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Configuration, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new Uri($"http://127.0.0.1:{gateway}");
    }

    private string Text(string file) => File.ReadAllText(Path.Combine(Project, file));

    private async Task<ProgramRun> DotnetAsync(string folder, params string[] arguments)
    {
        var run = await ProgramRun.RunAsync(["dotnet", .. arguments], folder, Variables(), Limit);
        run.AssertDone();
        return run;
    }

    private Task<ProgramRun> StranglerAsync(params string[] arguments) =>
        ProgramRun.RunAsync(
            [Strangler, .. arguments, .. arguments[0].StartsWith('-') ? [] : new[] { "--config", Configuration }],
            Project,
            Variables(),
            Limit
        );

    private Dictionary<string, string?> Variables() =>
        new()
        {
            ["DOTNET_CLI_HOME"] = _home,
            ["NUGET_PACKAGES"] = _cache,
            ["NUGET_HTTP_CACHE_PATH"] = Path.Combine(_cache, "http"),
            ["NuGetAudit"] = "false",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
        };

    private static async Task<(string? Answerer, int Status, string Body)> AskAsync(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(path, Cancelled);
            return (
                answer.Headers.TryGetValues("Strangler-Answer", out var values) ? values.Single() : null,
                (int)answer.StatusCode,
                await answer.Content.ReadAsStringAsync(Cancelled)
            );
        }
        catch (HttpRequestException)
        {
            return (null, 0, ""); // nobody listens yet
        }
    }

    private static async Task ExecuteAsync(string connectionString, string script)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(script);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, ConcurrentQueue<string> said)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Limit)
                Assert.Fail(string.Join('\n', said));
            await Task.Delay(Interval, TimeProvider.System, Cancelled);
        }
    }
}
