using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary><c>strangler bridge</c> with the files of a team that runs Debezium.</summary>
public sealed class ConnectorFileTests(PostgresFixture postgres, KafkaBroker broker) : IDisposable
{
    private const string Valid = """
        "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
        "plugin.name": "pgoutput",
        "topic.prefix": "shop",
        "database.hostname": "127.0.0.1",
        "database.user": "debezium",
        "database.password": "hunter2",
        "database.dbname": "shop"
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("strangler-cli-").FullName;

    [Theory]
    [InlineData("{ \"connector.class\": \"x\",\n  \"a\" 1 }", "/connector.json: It is not JSON: line 2, column 7")]
    [InlineData(
        "{ \"name\": \"a\", \"config\": { \"connector.class\": \"x\", \"transforms\": [] } }",
        "/connector.json:transforms: Its value is a list"
    )]
    [InlineData(
        "{" + Valid + ", \"tabel.include.list\": \"a\" }",
        "Source:tabel.include.list: The property is unknown: neither Debezium's PostgreSQL connector nor Strangler has "
            + "it. Did you mean 'table.include.list'? Correct the name, or leave it out."
    )]
    [InlineData(
        "{" + Valid + ", \"value.converter\": \"io.confluent.connect.avro.AvroConverter\" }",
        "Source:value.converter: 'io.confluent.connect.avro.AvroConverter' is not supported. The values would be Avro"
    )]
    public async Task Bridge_FaultyConnector_SaysASentenceAndExitsWithTwo(string text, string sentence)
    {
        await WriteAsync("connector.json", text);

        await AssertFaultAsync(sentence, "--config", "connector.json", "--kafka", "127.0.0.1:9092");
    }

    [Fact]
    public async Task Bridge_ConnectorWithoutBroker_SaysHowToNameOne()
    {
        await WriteAsync("connector.json", "{" + Valid + "}");

        await AssertFaultAsync(
            "Kafka:bootstrap.servers: It is missing: events in Debezium's format go to Kafka. "
                + "Give it with --kafka HOST:PORT, or with the Connect worker's file: --worker FILE.",
            "--config",
            "connector.json"
        );
    }

    [Theory]
    [InlineData("bootstrap.servers=\\u12", "/connect.properties: It is not a file of properties: line 1 has '\\u'")]
    [InlineData(
        "bootstrap.servers=k1:1\nBootstrap.servers=k2:1",
        "a property is written twice, in upper and lower case."
    )]
    [InlineData("bootstrap.servers=k1", "Kafka:bootstrap.servers: 'k1' is not the address of a broker.")]
    [InlineData(
        "bootstrap.servers=k1:1\nexactly.once.source.support=enabled",
        "Kafka:exactly.once.source.support: The value 'enabled' is not supported."
    )]
    public async Task Bridge_FaultyWorker_SaysASentenceAndExitsWithTwo(string text, string sentence)
    {
        await WriteAsync("connector.json", "{" + Valid + "}");
        await WriteAsync("connect.properties", text);

        await AssertFaultAsync(sentence, "--config", "connector.json", "--worker", "connect.properties");
    }

    [Fact]
    public async Task Bridge_WorkerThatDoesNotExist_SaysSo()
    {
        await WriteAsync("connector.json", "{" + Valid + "}");

        await AssertFaultAsync(
            "/absent.properties: The file doesn't exist.",
            "--config",
            "connector.json",
            "--worker",
            "absent.properties"
        );
    }

    /// <summary>Both files are read, and the option takes precedence over the worker's brokers.</summary>
    [Fact]
    public async Task Bridge_FilesWithoutFault_AreRead()
    {
        await WriteAsync(
            "connector.json",
            "{ \"name\": \"shop\", \"config\": {" + Valid + ", \"database.port\": 1 } }"
        );
        await WriteAsync("connect.properties", "bootstrap.servers=k1:9092\nproducer.bootstrap.servers=k2:9092\n");

        var (code, _, errors) = await StranglerProgram.RunAsync(
            _folder,
            ["bridge", "--config", "connector.json", "--worker", "connect.properties", "--kafka", "127.0.0.1:9"]
        );

        // the bridge has read both files, and asks the source first
        Assert.Contains("Source: No PostgreSQL answers at '127.0.0.1:1'", errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Fault, code);
    }

    [Fact]
    public async Task Bridge_WorkerThatIsAFolder_SaysSo()
    {
        await WriteAsync("connector.json", "{" + Valid + "}");

        await AssertFaultAsync(": It is a folder. Name another file.", "--config", "connector.json", "--worker", ".");
    }

    /// <summary>All clients use one cluster, so the option replaces each address that a file names.</summary>
    [Fact]
    public async Task Read_BrokersAsAnOption_ReplaceThoseOfEveryClient()
    {
        await WriteAsync(
            "connector.json",
            "{"
                + Valid
                + ", \"producer.override.bootstrap.servers\": \"k:1\", \"admin.override.bootstrap.servers\": \"k:1\" }"
        );
        await WriteAsync(
            "connect.properties",
            "bootstrap.servers=k:1\nproducer.bootstrap.servers=k:1\nconsumer.bootstrap.servers=k:1\n"
                + "admin.bootstrap.servers=k:1\n"
        );

        var configuration = BridgeConfiguration.Read(
            [Path.Combine(_folder, "connector.json")],
            Path.Combine(_folder, "connect.properties"),
            "127.0.0.1:9"
        );

        var addresses = configuration
            .AsEnumerable()
            .Where(pair => pair.Key.EndsWith("bootstrap.servers", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(6, addresses.Count);
        Assert.All(addresses, pair => Assert.Equal("127.0.0.1:9", pair.Value));
    }

    [Theory]
    [InlineData("connector.json", "{" + Valid + "}")]
    [InlineData(
        "strangler.json",
        """{ "Kafka": { "bootstrap.servers": "k1:1" }, "Source": { "event.format": "debezium-3.6", """ + Valid + "} }"
    )]
    public async Task Check_WorkersFileAndVariables_OverrideInThisOrder(string config, string text)
    {
        await WriteAsync(config, text);
        await WriteAsync("connect.properties", "bootstrap.servers=k2\n");
        string[] arguments = ["check", "--configuration-only", "--config", config, "--worker", "connect.properties"];

        var (_, _, ofFile) = await StranglerProgram.RunAsync(_folder, arguments);
        var (_, _, ofVariable) = await StranglerProgram.RunAsync(
            _folder,
            new Dictionary<string, string?> { ["STRANGLER__Kafka__bootstrap.servers"] = "k3" },
            arguments
        );
        var (code, _, ofOption) = await StranglerProgram.RunAsync(_folder, [.. arguments, "--kafka", "k4:1"]);

        Assert.Contains("'k2' is not the address of a broker", ofFile, StringComparison.Ordinal);
        Assert.Contains("'k3' is not the address of a broker", ofVariable, StringComparison.Ordinal);
        Assert.DoesNotContain("address of a broker", ofOption, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, code);
    }

    /// <summary>The source and the broker are asked, and nothing is said of the other parts.</summary>
    [Fact]
    public async Task Check_ConnectorWhoseServersDoNotAnswer_SaysBothAndNothingElse()
    {
        await WriteAsync("connector.json", "{" + Valid + ", \"database.port\": 1 }");

        var (code, _, errors) = await StranglerProgram.RunAsync(
            _folder,
            ["check", "--config", "connector.json", "--kafka", "127.0.0.1:9"]
        );

        var faults = errors.Split('\n').Where(IsFault).ToList();
        Assert.Equal(2, faults.Count);
        Assert.Contains(
            faults,
            line => line.Contains("Kafka:bootstrap.servers: The broker at", StringComparison.Ordinal)
        );
        Assert.Contains(faults, line => line.Contains("Source: No PostgreSQL answers at", StringComparison.Ordinal));
        Assert.DoesNotContain("Log:Kafka", errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Fault, code);
    }

    /// <summary>What librdkafka refuses is found before the start, where a person has written it.</summary>
    [Theory]
    [InlineData("producer.override.linger.ms", "soon", "Source:producer.override.linger.ms")]
    [InlineData("admin.override.no.such", "x", "Source:admin.override.no.such")]
    public async Task Check_PropertyThatNoClientHas_SaysWhich(string name, string value, string path)
    {
        await WriteAsync("connector.json", "{" + Valid + $", \"{name}\": \"{value}\" }}");

        var (code, _, errors) = await StranglerProgram.RunAsync(
            _folder,
            ["check", "--configuration-only", "--config", "connector.json", "--kafka", "127.0.0.1:9"]
        );

        Assert.Contains($"strangler: {path}: The client doesn't know this property", errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Fault, code);
    }

    [Fact]
    public async Task Check_ConnectorWithoutFault_SaysSoAndWhatHasNoEffect()
    {
        var source = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync("check"));
        await using (var data = NpgsqlDataSource.Create(source.ConnectionString))
        {
            await using var command = data.CreateCommand("create table item (id int primary key)");
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        await WriteAsync(
            "connector.json",
            JsonSerializer.Serialize(
                new Dictionary<string, string?>
                {
                    ["connector.class"] = "io.debezium.connector.postgresql.PostgresConnector",
                    ["plugin.name"] = "pgoutput",
                    ["topic.prefix"] = "shop",
                    ["database.hostname"] = source.Host,
                    ["database.port"] = $"{source.Port}",
                    ["database.user"] = source.Username,
                    ["database.password"] = source.Password,
                    ["database.dbname"] = source.Database,
                    ["slot.name"] = source.Database,
                    ["publication.autocreate.mode"] = "filtered",
                    ["tasks.max"] = "1",
                }
            )
        );
        await WriteAsync("connect.properties", $"bootstrap.servers={await broker.AddressAsync()}\nplugin.path=/opt\n");

        var (code, output, errors) = await StranglerProgram.RunAsync(
            _folder,
            ["check", "--config", "connector.json", "--worker", "connect.properties"]
        );

        Assert.True(code == ExitCode.Success, errors);
        Assert.Contains(
            "notice: The property 'Source:tasks.max' has no effect here.",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "notice: The property 'Kafka:plugin.path' has no effect here.",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains("connector.json: no faults.", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task WriteAsync(string name, string text) =>
        File.WriteAllTextAsync(Path.Combine(_folder, name), text, TestContext.Current.CancellationToken);

    private async Task AssertFaultAsync(string sentence, params string[] arguments)
    {
        var (code, output, errors) = await StranglerProgram.RunAsync(_folder, ["bridge", .. arguments]);

        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Fault, code);
        Assert.Empty(output);
        Assert.Single(errors.Split('\n'), IsFault);
        Assert.DoesNotContain("hunter2", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static bool IsFault(string line) =>
        line.StartsWith("strangler: ", StringComparison.Ordinal)
        && !line.StartsWith("strangler: warning: ", StringComparison.Ordinal);
}
