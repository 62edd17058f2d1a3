using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Xunit;

namespace Strangler.Cli.Tests.Up;

/// <summary>What <c>strangler up</c> gives its parts, and what it does for them first.</summary>
public sealed class UpPartsTests
{
    private const string Taken =
        "address already in use. End the other program, which may be another 'strangler up', or choose another port.";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// Anyone who may read a part's environment (its user, and what it runs) finds no other part's secret there.
    /// </summary>
    [Fact]
    public async Task Up_Parts_HoldTheirOwnSecretsAlone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /proc here.");
        await using var up = new RunningUp();
        var variables = new Dictionary<string, string?>
        {
            ["STRANGLER__Source__database.password"] = "secret-of-bridge",
            ["Source__database.password"] = "secret-of-bridge",
            ["ASPNETCORE_Kestrel__Certificates__Default__Password"] = "secret-of-gateway",
            ["STRANGLER:Store:BridgeConnectionString"] = up.Silent("store-secret-of-bridge"),
            ["STRANGLER__Store:ProjectionsConnectionString"] = up.Silent("store-secret-of-projections"),
            ["STRANGLER__Store__GatewayConnectionString"] = up.Silent("store-secret-of-gateway"),
            ["STRANGLER__Gateway__Source"] = up.Silent("secret-of-gateway"),
            ["STRANGLER__Store__ConnectionString"] = up.Silent("secret-of-owner"),
            ["STRANGLER_ADMIN_TOKEN"] = "secret-of-person",
        };
        await up.StartAsync(variables);

        foreach (var part in (string[])["bridge", "projections", "gateway"])
        {
            var environment = await File.ReadAllTextAsync(
                $"/proc/{await up.ProcessIdAsync(part)}/environ",
                Cancellation
            );
            var held = environment
                .Split('\0')
                .Where(variable => variable.Contains("secret-of", StringComparison.Ordinal));
            var secrets = held.Select(variable => variable.Split('=', 2)[0]).Order(StringComparer.Ordinal);
            string[] expected = part switch
            {
                "bridge" =>
                [
                    "STRANGLER:Store:BridgeConnectionString",
                    "STRANGLER__Source__database.password",
                    "Source__database.password",
                ],
                "projections" => ["STRANGLER__Store:ProjectionsConnectionString"],
                _ =>
                [
                    "ASPNETCORE_Kestrel__Certificates__Default__Password",
                    "STRANGLER__Gateway__Source",
                    "STRANGLER__Store__GatewayConnectionString",
                ],
            };
            Assert.Equal(expected.Order(StringComparer.Ordinal), secrets);
        }
    }

    /// <summary>
    /// Nobody has run <c>strangler migrate</c>: <c>up</c> creates the file, and an added token is accepted at once.
    /// </summary>
    [Fact]
    public async Task Up_NoTokenYet_MakesTheFileAndTheGatewayTakesATokenThatIsAdded()
    {
        await using var up = new RunningUp();
        await up.StartAsync();
        await up.HealthAsync();
        var file = Path.Combine(up.Folder, "strangler.tokens");

        var (code, output, errors) = await StranglerProgram.RunAsync(up.Folder, "token", "ada");

        Assert.Equal((ExitCode.Success, ""), (code, errors));
        var secret = output.Trim();
        Assert.Equal("ada", AdminTokenFile.Read(file)!.Owner(secret));
        if (!OperatingSystem.IsWindows())
        {
            foreach (var secrets in (string[])[file, Path.Combine(up.Folder, "strangler.moments")])
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secrets));
        }
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = up.Admin };
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/routes", Cancellation)).StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/routes", Cancellation)).StatusCode);
        Assert.Equal(ExitCode.Success, (await StranglerProgram.RunAsync(up.Folder, "routes")).Code);
        var (again, _, words) = await StranglerProgram.RunAsync(up.Folder, "token", "ada");
        Assert.Equal(ExitCode.Fault, again);
        Assert.Contains("'ada' has a token already", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_StandardErrorThatIsFull_TheDoorIsOpen()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /dev/full here.");
        await using var up = new RunningUp();

        await up.StartAsync(isMute: true);

        Assert.Equal("serving", (await up.HealthAsync()).Status);
    }

    /// <summary>
    /// It doesn't end: the running one may be about to. Of the address for requests, the line ends with the way out; of
    /// the admin API's, more follows.
    /// </summary>
    [Fact]
    public async Task Up_WhileAnotherRunsWithTheConfiguration_SaysSoAndGoesOn()
    {
        await using var up = new RunningUp();
        await up.StartAsync();
        await up.HealthAsync();

        var said = await up.AgainAsync(Taken);

        Assert.Contains(
            $"strangler: warning: Gateway:Admin: A gateway serves at '{up.Admin}' already, so another 'strangler up' "
                + "runs with this admin address. End one of the two: the parts of this one wait until the other's "
                + "ports, its slot and its locks in the store are free.",
            said
        );
    }

    [Fact]
    public async Task Up_WhileNoOtherRuns_SaysNothingOfOne()
    {
        await using var up = new RunningUp();
        await up.StartAsync();

        await up.HealthAsync();

        Assert.DoesNotContain("another 'strangler up' runs", up.Words, StringComparison.Ordinal);
    }

    /// <summary>Whatever another program says at the admin address, the parts are started.</summary>
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1252\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{")]
    public async Task Up_AnotherProgramHoldsTheAdminAddress_PartsRunAndNothingIsSaidOfAnother(string answer)
    {
        await using var up = new RunningUp();
        using var listener = new TcpListener(IPAddress.Loopback, up.Admin.Port);
        listener.Start();
        await up.StartAsync();
        using (var caller = await listener.AcceptTcpClientAsync(Cancellation))
        {
            await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), Cancellation);

            await up.ProcessIdAsync("gateway"); // while the answer has not ended
        }

        Assert.DoesNotContain("serves at", up.Words, StringComparison.Ordinal);
    }

    /// <summary>
    /// The team's code prevents nobody from being answered: the gateway serves without it and says why.
    /// </summary>
    /// <param name="limit">Short for code that never ends; longer than any machine takes for code that does.</param>
    [Theory]
    [InlineData(nameof(TeamProjections.HangingDeclare), "00:00:02", "did not end within 2 s")]
    [InlineData(
        nameof(TeamProjections.ThrowingKey),
        "00:10:00",
        "key type threw InvalidOperationException: Not a good day for keys."
    )]
    public async Task Up_TheTeamsCodeHangsOrThrows_TheDoorIsOpenAndItIsSaid(
        string projection,
        string limit,
        string sentence
    )
    {
        await using var up = new RunningUp();
        await up.StartAsync(projection: projection, loadLimit: limit);

        var health = await up.HealthAsync();

        Assert.Equal("serving", health.Status);
        Assert.Contains(health.GatewayFaults, fault => fault.Contains(sentence, StringComparison.Ordinal));
    }
}
