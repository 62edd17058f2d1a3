using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using Strangler.Demo.Postgres;
using Strangler.Demo.Processes;
using Xunit;

namespace Strangler.Packages.Tests;

/// <summary>
/// What a team has after its first hour: the template, built and tested, its databases, and the installed tool that
/// runs. Nothing of this machine is used but its SDK, its PostgreSQL programs and its cache of others' packages, which
/// is only read.
/// </summary>
public sealed class BookShop(PackedFixture packed) : IAsyncLifetime
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
        insert into book values
            (8, 'Book 8', 7.00, false), (9, 'Book 9', 7.25, true), (10, 'Book 10', 7.50, false);
        insert into stock values (8, 'Hamburg', 0), (8, 'Graz', 4), (10, 'Bern', 2)
        """;

    private readonly string _home = packed.Folder("home");
    private readonly string _cache = packed.Folder("cache");
    private readonly ConcurrentQueue<string> _said = new();
    private readonly HttpClient _http = new();
    private PostgresServer? _legacy;
    private PostgresServer? _store;
    private GuardedProcess? _up;
    private string _source = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The folder in which the team works, with its <c>nuget.config</c>.</summary>
    public string Folder { get; } = packed.Folder("team");

    /// <summary>The folder that the template made.</summary>
    public string Project => Path.Combine(Folder, Team);

    /// <summary>Where the legacy service would be, if there were one.</summary>
    public string LegacyAddress { get; } = $"http://127.0.0.1:{FreePort.Take()}/";

    /// <summary>The run of the template's own tests.</summary>
    internal ProgramRun Tested { get; private set; } = null!;

    private string Strangler => Path.Combine(Folder, "tools", "strangler");

    /// <summary>The configuration that the template made, with the ports of this test.</summary>
    public string Configuration => Path.Combine(Project, "strangler.json");

    /// <summary>Skips the test on a machine without PostgreSQL.</summary>
    public void Require()
    {
        if (_up is null)
            Assert.Skip("PostgreSQL's server programs are not on this machine: install Debian's 'postgresql' package.");
    }

    public async ValueTask InitializeAsync()
    {
        if (PostgresPrograms.Find() is not { } programs)
            return;
        await InstallAsync();
        await DotnetAsync(Project, "build", "--configuration", "Release");
        Tested = await DotnetAsync(Project, "test", "--configuration", "Release");

        _legacy = await PostgresServer.StartAsync(programs, null, TimeProvider.System, Cancelled);
        _store = await PostgresServer.StartAsync(programs, null, TimeProvider.System, Cancelled);
        _source = await _legacy.CreateDatabaseAsync("legacy", Cancelled);
        await ExecuteAsync(Tables);
        await ExecuteAsync(Text("sql/source.sql"));
        foreach (var statement in Text("sql/store.sql").Split(';', StringSplitOptions.TrimEntries)[..^1])
            await ExecuteAsync(_store.ConnectionString(), statement); // a database isn't created in a transaction
        Configure(_legacy.Port, _store.Port);

        (await RunAsync("migrate", "--config", Configuration)).AssertDone();
        await ExecuteAsync(
            $"Host=127.0.0.1;Port={_store.Port};Username=strangler;Password=store-secret;Database=strangler",
            Text("sql/store-rights.sql")
        );
        (await RunAsync("check", "--config", Configuration)).AssertDone();
        _up = Start([Strangler, "up", "--config", Configuration]);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var owned in new IAsyncDisposable?[] { _up, _store, _legacy }.OfType<IAsyncDisposable>())
            await owned.DisposeAsync();
    }

    /// <summary>Starts a program of the team's.</summary>
    internal GuardedProcess Start(IReadOnlyList<string> command) =>
        GuardedProcess.Start(command, Variables(), (_, line) => _said.Enqueue(line), TimeProvider.System);

    internal async Task<ProgramRun> DotnetAsync(string folder, params string[] arguments)
    {
        var run = await ProgramRun.RunAsync(["dotnet", .. arguments], folder, Variables(), Limit);
        run.AssertDone();
        return run;
    }

    /// <summary>Takes a route of a configuration's gateway to the lookup, as soon as it can be taken there.</summary>
    internal Task PromoteAsync(string route, string configuration) =>
        UntilAsync(async () =>
            (await RunAsync("promote", route, "--force", "--reason", "test", "--config", configuration)).Code == 0
        );

    /// <summary>Asks the tool's gateway.</summary>
    internal Task<(string? Answerer, int Status, string Body)> AskAsync(string path) => AskAsync(_http, path);

    /// <returns>A status of zero if nobody listens yet.</returns>
    internal static async Task<(string? Answerer, int Status, string Body)> AskAsync(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
            return (
                answer.Headers.TryGetValues("Strangler-Answer", out var values) ? values.Single() : null,
                (int)answer.StatusCode,
                await answer.Content.ReadAsStringAsync(Cancelled)
            );
        }
        catch (HttpRequestException)
        {
            return (null, 0, "");
        }
    }

    /// <summary>Changes the legacy database.</summary>
    internal Task ExecuteAsync(string script) => ExecuteAsync(_source, script);

    internal async Task UntilAsync(Func<Task<bool>> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Limit)
                Assert.Fail(string.Join('\n', _said));
            await Task.Delay(Interval, TimeProvider.System, Cancelled);
        }
    }

    /// <summary>
    /// Template, projections and tool come from the feed, others' packages from this machine's cache.
    /// </summary>
    private async Task InstallAsync()
    {
        var machine =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        const string All = """<package pattern="*" />""";
        var others = (await SourcesAsync()).Index().ToDictionary(one => $"machine{one.Index}", one => one.Item);
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "nuget.config"),
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
        await DotnetAsync(Folder, "new", "install", $"Strangler.Projections.Templates@{version}");
        await DotnetAsync(Folder, "new", "strangler-projections", "--name", Team);
        await DotnetAsync(Folder, "tool", "install", "strangler", "--version", version, "--tool-path", "tools");
        var told = await RunAsync("--version");
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
    private void Configure(int legacy, int store)
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
                ["9000"] = new Uri(LegacyAddress).Port,
            }
        )
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }
        File.WriteAllText(Configuration, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Configuration, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _http.BaseAddress = new Uri($"http://127.0.0.1:{gateway}");
    }

    private string Text(string file) => File.ReadAllText(Path.Combine(Project, file));

    private Task<ProgramRun> RunAsync(params string[] arguments) =>
        ProgramRun.RunAsync([Strangler, .. arguments], Project, Variables(), Limit);

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

    private static async Task ExecuteAsync(string connectionString, string script)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(script);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
