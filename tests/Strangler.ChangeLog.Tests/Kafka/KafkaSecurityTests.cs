using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests.Kafka;

/// <summary>A broker that asks for a user and a password, and looks at rights.</summary>
public sealed class KafkaSecurityTests : IAsyncDisposable
{
    private const string Module = "org.apache.kafka.common.security.plain.PlainLoginModule required";

    private readonly KafkaBroker _broker = new()
    {
        Settings =
        [
            "listener.security.protocol.map=PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
            "sasl.enabled.mechanisms=PLAIN",
            "sasl.mechanism.inter.broker.protocol=PLAIN",
            $"listener.name.plaintext.plain.sasl.jaas.config={Module} "
                + "username=\"jo\" password=\"right\" user_jo=\"right\" user_guest=\"right\";",
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users=User:jo;User:ANONYMOUS",
        ],
    };

    /// <summary>A refusal is told long before its end.</summary>
    private static readonly TimeSpan RequestLimit = TimeSpan.FromMinutes(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAppenderAsync_JavasLogin_IsTakenAndAWrongOneIsRefusedWithoutShowingIt()
    {
        await using var right = await LogAsync("right");
        await using var wrong = await LogAsync("s3cret");
        await using var appender = await right.OpenAppenderAsync("shop", Cancel);
        await appender.AppendAsync(Whole(8, 2), Cancel);

        var exception = await Assert.ThrowsAsync<FaultException>(() =>
            wrong.OpenAppenderAsync("shop", Cancel).WaitAsync(RequestLimit / 5, Cancel)
        );

        Assert.Equal(
            2,
            (await right.ReadAsync("shop", Position.Start, LogReadLimit.Default, Cancel)).OrThrow().Records.Count
        );
        Assert.Contains("refuses the credentials", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAppenderAsync_UserWithoutRights_NamesTheTopicAndTheCommand()
    {
        await using var log = await LogAsync("right");
        await using var appender = await log.OpenAppenderAsync("shop", Cancel);
        await appender.AppendAsync(Whole(8, 2), Cancel);
        await using var guests = await LogAsync("right", "guest");

        var opening = await Assert.ThrowsAsync<FaultException>(() => guests.OpenAppenderAsync("shop", Cancel));
        var reading = await Assert.ThrowsAsync<FaultException>(() =>
            guests.ReadAsync("shop", Position.Start, LogReadLimit.Default, Cancel)
        );

        foreach (var exception in new[] { opening, reading })
        {
            Assert.Equal($"Topic:{LogTopics.Control("shop")}", exception.Faults[0].Path);
            Assert.Contains("TopicAuthorizationFailed", exception.Message, StringComparison.Ordinal);
            Assert.Contains("kafka-acls", exception.Message, StringComparison.Ordinal);
        }
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private async Task<KafkaChangeLog> LogAsync(string password, string user = "jo") =>
        new(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string>
                {
                    ["bootstrap.servers"] = await _broker.AddressAsync(),
                    ["security.protocol"] = "SASL_PLAINTEXT",
                    ["sasl.mechanism"] = "PLAIN",
                    ["sasl.jaas.config"] = $"{Module} username=\"{user}\" password=\"{password}\";",
                },
                RequestLimit = RequestLimit,
            },
            new EmbeddedLogOptions(),
            TimeProvider.System
        );
}
