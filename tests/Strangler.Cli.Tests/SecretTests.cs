using CsCheck;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge;
using Strangler.Cli.Up;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;
using Strangler.Gateway;
using Strangler.Projections;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary>
/// Messages show only a connection string's host, port, database and user, however a person wrote it.
/// </summary>
public sealed class SecretTests : IDisposable
{
    private const int Piece = 4;

    // Characters that never occur four in a row in our messages, and everything on which a connection string's grammar
    // depends.
    private static readonly Gen<string> Passwords = Gen.OneOf(Gen.Char["QXZqxz"], Gen.Char[";'\"= ,{}\\/:@#%&?äß€"])
        .Array[1, 30]
        .Select(characters => new string(characters));

    private readonly string _folder = Directory.CreateTempSubdirectory("strangler-secrets-").FullName;

    [Fact]
    public void Faults_AnyPasswordHoweverWritten_HoldNoPieceOfIt() =>
        Gen.Select(Passwords, Gen.Int[0, 4])
            .Sample(
                (password, writing) =>
                {
                    var text = Written(password, writing);
                    var configuration = new ConfigurationBuilder()
                        .AddInMemoryCollection(
                            new Dictionary<string, string?>
                            {
                                ["Store:ConnectionString"] = text,
                                ["Source:topic.prefix"] = "shop",
                                ["Source:database.password"] = password,
                                ["Source:database.port"] = "none",
                                ["Gateway:Urls"] = $"http://someone:{password}@127.0.0.1:1/path",
                                ["Gateway:Admin"] = $"http://someone:{password}@127.0.0.1:1",
                                ["Gateway:Source"] = text,
                                ["Projections:Moments"] = $"http://someone:{password}@127.0.0.1:1",
                                ["ReverseProxy:Clusters:legacy:Destinations:d1:Address"] =
                                    $"ftp://someone:{password}@127.0.0.1:1",
                            }
                        )
                        .Build();

                    var faults = BridgeCheck
                        .Check(configuration)
                        .Concat(ProjectionsCheck.Check(configuration))
                        .Concat(GatewayCheck.Check(configuration, null))
                        .ToList();
                    if (ConnectionText.TryRead(text) is not null)
                        faults.Add(DatabaseFault.Of(new NpgsqlException("It failed."), "Store", text)!);

                    var said = string.Join('\n', faults);
                    foreach (var piece in Pieces(password))
                        Assert.DoesNotContain(piece, said, StringComparison.Ordinal);
                }
            );

    [Theory]
    [InlineData("check")]
    [InlineData("migrate")]
    [InlineData("bridge")]
    [InlineData("projections")]
    [InlineData("gateway")]
    public async Task Command_PasswordWithASemicolon_SaysNothingOfIt(string command)
    {
        foreach (var (password, isWritten) in new[] { ("QXZQ;XQZX", false), ("QXZQ;XQZX'ZZQQ\"QQZZ", true) })
        {
            var store = isWritten ? Written(password, 0) : Written(password, 1);
            await File.WriteAllTextAsync(
                Path.Combine(_folder, "strangler.json"),
                $$"""
                {
                  "Store": { "ConnectionString": {{System.Text.Json.JsonSerializer.Serialize(store)}} },
                  "ReverseProxy": {
                    "Routes": {
                      "item": { "Match": { "Path": "/{sku}" }, "Strangler": { "Projection": "Item", "Key": "{sku}" } }
                    }
                  }
                }
                """,
                TestContext.Current.CancellationToken
            );

            var (code, output, errors) = await StranglerProgram.RunAsync(_folder, command);

            Assert.Equal(ExitCode.Fault, code);
            foreach (var piece in Pieces(password))
                Assert.DoesNotContain(piece, output + errors, StringComparison.Ordinal);
            if (!isWritten)
                Assert.Contains(
                    "Store:ConnectionString: It is not a connection string",
                    errors,
                    StringComparison.Ordinal
                );
        }
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, false)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, true)]
    public async Task Check_FileWithPasswords_WarnsWhereEverybodyMayReadIt(UnixFileMode mode, bool isWarned)
    {
        if (OperatingSystem.IsWindows())
            return;
        var file = Path.Combine(_folder, "strangler.json");
        await File.WriteAllTextAsync(
            file,
            """{ "Source": { "database.password": "QXZQ" } }""",
            TestContext.Current.CancellationToken
        );
        File.SetUnixFileMode(file, mode);

        var (_, _, errors) = await StranglerProgram.RunAsync(_folder, "check", "--configuration-only");

        Assert.Equal(
            isWarned,
            errors.Contains(
                $"strangler: warning: {file}: It holds passwords, and every user of this machine may read it (mode "
                    + "604). Run: chmod 600",
                StringComparison.Ordinal
            )
        );
        Assert.DoesNotContain("QXZQ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Store:ConnectionString", "Host=h;Password=x", true)]
    [InlineData("Store:ConnectionString", "Host=h;Username=u", false)]
    [InlineData("Source:database.password", "x", true)]
    [InlineData("Source:database.password", "", false)]
    [InlineData("Gateway:HashKey", "x", true)]
    [InlineData("Authentication:Schemes:ApiKey:Keys:app:Value", "x", true)]
    [InlineData("Authentication:Schemes:ApiKey:Keys:app:Sha256", "x", false)]
    [InlineData("Authentication:Schemes:Bearer:SigningKeys:0:Value", "x", true)]
    [InlineData("ReverseProxy:Clusters:c:Destinations:d:Address", "http://u:p@host/", true)]
    [InlineData("ReverseProxy:Clusters:c:Destinations:d:Address", "http://host/", false)]
    public void IsSecret_MemberOfAConfiguration_IsFound(string key, string value, bool expected) =>
        Assert.Equal(expected, SecretFiles.IsSecret(key, value));

    [Theory]
    [InlineData("bridge", "STRANGLER__Source__database.password STRANGLER__Store__ConnectionString PATH")]
    [InlineData("projections", "STRANGLER__Store__ConnectionString STRANGLER__Source__topic.prefix PATH")]
    [InlineData(
        "gateway",
        "STRANGLER__Store__ConnectionString STRANGLER__Gateway__Source STRANGLER__Source__topic.prefix PATH"
    )]
    public void Variables_OfAPart_AreItsOwn(string part, string kept)
    {
        string[] all =
        [
            "STRANGLER__Store__ConnectionString",
            "STRANGLER__Source__database.password",
            "STRANGLER__Gateway__Source",
            "STRANGLER_ADMIN_TOKEN",
            "PATH",
        ];
        if (part != "bridge")
            all = [.. all, "STRANGLER__Source__topic.prefix"];

        var taken = PartVariables.For(part, all);

        Assert.All(taken.Values, Assert.Null);
        Assert.Equal(
            kept.Split(' ').Order(StringComparer.Ordinal),
            all.Except(taken.Keys).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("STRANGLER__Store:GatewayConnectionString", "STRANGLER:Store__ConnectionString")]
    [InlineData("STRANGLER:STORE:GATEWAYCONNECTIONSTRING", "strangler__store__connectionstring")]
    public void Variables_OwnLoginHoweverSpelt_LeavesTheOwnersOut(string own, string owners) =>
        Assert.Equal([owners], PartVariables.For("gateway", [own, owners]).Keys);

    [Fact]
    public void Variables_OfAPartWithALoginOfItsOwn_HoldNoOtherLoginOfTheStore()
    {
        string[] all =
        [
            "STRANGLER__Store__ConnectionString",
            "STRANGLER__Store__BridgeConnectionString",
            "STRANGLER__Store__ProjectionsConnectionString",
            "STRANGLER__Store__GatewayConnectionString",
        ];

        foreach (var (part, own) in new[] { ("bridge", all[1]), ("projections", all[2]), ("gateway", all[3]) })
            Assert.Equal([own], all.Except(PartVariables.For(part, all).Keys));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Written(string password, int writing) =>
        writing switch
        {
            0 => new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = 1,
                Username = "u",
                Database = "d",
                Password = password,
            }.ConnectionString,
            1 => $"Host=127.0.0.1;Port=1;Username=u;Password={password};Database=d",
            2 => $"Host=127.0.0.1;Port=1;Username=u;Database=d;Password='{password}'",
            3 => $"Password={password}",
            _ => $"postgresql://u:{password}@127.0.0.1:1/d",
        };

    private static IEnumerable<string> Pieces(string password) =>
        Enumerable
            .Range(0, Math.Max(0, password.Length - Piece + 1))
            .Select(at => password.Substring(at, Piece))
            .Where(piece => piece.Any(char.IsLetter));
}
