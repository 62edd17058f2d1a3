using Strangler.CdcBridge.Outbox;
using Xunit;

namespace Strangler.CdcBridge.Tests.Outbox;

public sealed class TopicRouteTests
{
    private const string Default = "(?<routedByValue>.*)";

    [Theory]
    [InlineData(Default, "outbox.event.${routedByValue}", "order", "outbox.event.order")]
    [InlineData(Default, "outbox.event.${routedByValue}", "", "outbox.event.")]
    [InlineData(Default, "outbox.event.${routedByValue}", "two\nlines", "two\nlines")]
    [InlineData("(?<zone>[a-z]+)-(?<side>.*)", "${side}.of.${zone}", "eu-west", "west.of.eu")]
    [InlineData("(?<zone>[a-z]+)-(?<side>.*)", "${side}.of.${zone}", "asia", "asia")]
    [InlineData("(?<zone>[a-z]+)-(?<side>.*)", "${side}.of.${zone}", "EU-west", "EU-west")]
    [InlineData("a|ab", "x", "ab", "xb")]
    [InlineData("order", "x", "an order", "an order")]
    public void Of_Value_IsItsTopic(string pattern, string replacement, string value, string topic) =>
        Assert.Equal(topic, new TopicRoute(pattern, replacement).Of(value));

    [Fact]
    public void Of_ValueThatThePatternTakesTooLongFor_IsNull() =>
        Assert.Null(new TopicRoute("(a+)+b", "x").Of($"{new string('a', 60)}c"));

    [Theory]
    [InlineData("outbox.event.a_b-C9", "outbox.event.a_b-C9")]
    [InlineData("a/b c\n", "a_b_c_")]
    [InlineData("ü😀", "___")]
    [InlineData("", "_")]
    [InlineData(".", "_")]
    [InlineData("..", "_")]
    [InlineData("...", "...")]
    public void Allowed_Name_IsOneThatKafkaHas(string topic, string allowed) =>
        Assert.Equal(allowed, TopicRoute.Allowed(topic));

    [Fact]
    public void Allowed_LongName_IsCut() =>
        Assert.Equal(new string('a', 249), TopicRoute.Allowed(new string('a', 250)));
}
