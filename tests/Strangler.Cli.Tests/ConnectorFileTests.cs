using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary><c>strangler bridge</c> with the files of a team that runs Debezium.</summary>
public sealed class ConnectorFileTests : IDisposable
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
