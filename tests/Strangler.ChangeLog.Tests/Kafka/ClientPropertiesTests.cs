using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.ChangeLog.Tests.Kafka;

/// <summary>Properties of Java's clients as librdkafka has them.</summary>
public sealed class ClientPropertiesTests
{
    [Theory]
    [InlineData("linger.ms", "5", "linger.ms=5")]
    [InlineData("max.request.size", "5", "message.max.bytes=5")]
    [InlineData("buffer.memory", "33554432", "queue.buffering.max.kbytes=32768")]
    [InlineData("sasl.mechanism", "SCRAM-SHA-512", "sasl.mechanisms=SCRAM-SHA-512")]
    [InlineData("security.protocol", "SASL_SSL", "security.protocol=SASL_SSL")]
    [InlineData("ssl.endpoint.identification.algorithm", "", "ssl.endpoint.identification.algorithm=none")]
    [InlineData("ssl.truststore.certificates", "PEM", "ssl.ca.pem=PEM")]
    [InlineData("key.serializer", "x", "")]
    [InlineData("acks", "all", "")]
    public void For_JavasProperty_IsLibrdkafkas(string name, string value, string expected)
    {
        var (translated, faults) = For(("producer." + name, value));

        Assert.Empty(faults);
        Assert.Equal(expected, string.Join(' ', translated.Select(one => $"{one.Key}={one.Value}")));
    }

    [Theory]
    [InlineData("org.apache.kafka.common.security.plain.PlainLoginModule")]
    [InlineData("org.apache.kafka.common.security.scram.ScramLoginModule")]
    public void For_Login_IsUserAndPassword(string module)
    {
        var (translated, faults) = For(
            ("sasl.jaas.config", $$"""{{module}} required username="jo" password="a\"b\\;c";""")
        );

        Assert.Empty(faults);
        Assert.Equal(("jo", """a"b\;c"""), (translated["sasl.username"], translated["sasl.password"]));
    }

    [Fact]
    public void For_StoresInPem_AreFiles()
    {
        var (translated, faults) = For(
            ("ssl.keystore.type", "PEM"),
            ("ssl.keystore.location", "me.pem"),
            ("ssl.truststore.type", "PEM"),
            ("ssl.truststore.location", "ca.pem")
        );

        Assert.Empty(faults);
        Assert.Equal(
            ("me.pem", "me.pem", "ca.pem"),
            (translated["ssl.certificate.location"], translated["ssl.key.location"], translated["ssl.ca.location"])
        );
    }

    [Theory]
    [InlineData("ssl.truststore.location", "s3cret.jks", "PEM")]
    [InlineData("ssl.keystore.location", "s3cret.jks", "PEM")]
    [InlineData("ssl.keystore.password", "s3cret", "PEM")]
    [InlineData("sasl.jaas.config", "com.sun.security.auth.module.Krb5LoginModule required s3cret;", "sasl.username")]
    [InlineData("interceptor.classes", "s3cret.Class", "Java")]
    [InlineData("producer.acks", "1", "all")]
    [InlineData("producer.enable.idempotence", "false", "true")]
    [InlineData("producer.transactional.id", "s3cret", "leave it out")]
    public void For_WhatHasNoEquivalent_IsRefusedWithTheWayOutAndWithoutTheValue(
        string name,
        string value,
        string wayOut
    )
    {
        var fault = Assert.Single(For((name, value)).Faults);

        Assert.Equal($"Log:Kafka:{name}", fault.Path);
        Assert.Contains(wayOut, fault.WayOut, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void For_PropertyOfAnotherRole_IsNotTaken() =>
        Assert.Equal(["client.id"], For(("client.id", "a"), ("consumer.fetch.min.bytes", "1")).Translated.Keys);

    [Fact]
    public void For_OwnPropertyOfTheRole_GoesBeforeTheGeneralOne() =>
        Assert.Equal("b", For(("client.id", "a"), ("producer.client.id", "b")).Translated["client.id"]);

    [Fact]
    public void KafkaClients_UnknownProperty_IsAFaultWithItsName()
    {
        var clients = new KafkaClients(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string>
                {
                    ["bootstrap.servers"] = "127.0.0.1:9",
                    ["no.such.property"] = "s3cret",
                },
            }
        );

        var exception = Assert.Throws<FaultException>(() => clients.Consumer());

        Assert.Contains("no.such.property", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("security.protocol")]
    [InlineData("socket.timeout.ms")]
    [InlineData("ssl.key.pem")]
    [InlineData("sasl.mechanisms")]
    [InlineData("ssl.ca.location")]
    public void KafkaClients_ValueThatTheClientDoesNotTake_IsAFaultWithoutTheValue(string name)
    {
        var clients = new KafkaClients(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string>
                {
                    ["bootstrap.servers"] = "127.0.0.1:9",
                    ["security.protocol"] = "sasl_ssl",
                    [name] = "s3cret",
                },
            }
        );

        var exception = Assert.Throws<FaultException>(() => clients.Consumer());

        Assert.DoesNotContain("s3cret", exception.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("Log:Kafka:", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>The fault names it as the configuration does, and shows no value.</summary>
    [Theory]
    [InlineData("producer.linger.ms", "s3cret")]
    [InlineData("linger.ms", "s3cret")]
    public void KafkaClients_ValueThatIsNone_IsAFaultOfThatPropertyWithoutIt(string name, string value)
    {
        var clients = new KafkaClients(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string>
                {
                    ["bootstrap.servers"] = "127.0.0.1:9",
                    ["security.protocol"] = "SASL_PLAINTEXT",
                    [name] = value,
                },
            }
        );

        var fault = Assert.Single(Assert.Throws<FaultException>(() => clients.Producer()).Faults);

        Assert.Equal($"Log:Kafka:{name}", fault.Path);
        Assert.DoesNotContain("s3cret", fault.ToString(), StringComparison.Ordinal);
    }

    private static (Dictionary<string, string> Translated, List<Fault> Faults) For(
        params (string Name, string Value)[] properties
    )
    {
        var faults = new List<Fault>();
        var translated = ClientProperties.For(
            ClientRole.Producer,
            new KafkaLogOptions { Properties = properties.ToDictionary(one => one.Name, one => one.Value) },
            faults
        );
        return (translated, faults);
    }
}
