using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests.Kafka;

/// <summary>A broker that asks for a user and a password.</summary>
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
                + "username=\"jo\" password=\"right\" user_jo=\"right\";",
        ],
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAppenderAsync_JavasLogin_IsTakenAndAWrongOneIsRefusedWithoutShowingIt()
    {
        await using var right = await LogAsync("right");
        await using var wrong = await LogAsync("s3cret");
        await using var appender = await right.OpenAppenderAsync("shop", Cancel);
        await appender.AppendAsync(Whole(8, 2), Cancel);

        var exception = await Assert.ThrowsAsync<FaultException>(() => wrong.OpenAppenderAsync("shop", Cancel));

        Assert.Equal(
            2,
            (await right.ReadAsync("shop", Position.Start, LogReadLimit.Default, Cancel)).OrThrow().Records.Count
        );
        Assert.Contains("refuses the credentials", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", exception.ToString(), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private async Task<KafkaChangeLog> LogAsync(string password) =>
        new(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string>
                {
                    ["bootstrap.servers"] = await _broker.AddressAsync(),
                    ["security.protocol"] = "SASL_PLAINTEXT",
                    ["sasl.mechanism"] = "PLAIN",
                    ["sasl.jaas.config"] = $"{Module} username=\"jo\" password=\"{password}\";",
                },
                RequestLimit = TimeSpan.FromSeconds(password == "right" ? 30 : 5),
            },
            new EmbeddedLogOptions(),
            TimeProvider.System
        );
}
