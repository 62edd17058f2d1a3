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

    [Theory]
    [InlineData("__strangler.shop", true)]
    [InlineData("__strangler.", true)]
    [InlineData("__strangler", false)]
    [InlineData("strangler.shop", false)]
    public void Refusal_TopicOfTheLogItself_IsOne(string topic, bool isRefused) =>
        Assert.Equal(isRefused, TopicRoute.Refusal(topic) is not null);

    [Fact]
    public void Refusal_NameThatIsTooLongForKafka_IsOne()
    {
        Assert.Null(TopicRoute.Refusal(new string('a', 249)));
        Assert.Equal("its topic has more than 249 characters", TopicRoute.Refusal(new string('a', 250)));
    }
}
