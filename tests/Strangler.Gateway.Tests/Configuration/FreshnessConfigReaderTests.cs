using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;
using Xunit;

namespace Strangler.Gateway.Tests.Configuration;

/// <summary>What a route promises about the age of answers.</summary>
public sealed class FreshnessConfigReaderTests
{
    private const string Strangler = "ReverseProxy:Routes:availability:Strangler:";
    private const string Writes = "Gateway:SessionWrites";

    [Fact]
    public void Read_Session_MeansWhatItSays()
    {
        var (model, faults) = Read((Strangler + "Freshness", "session"), (Writes + ":0", "Rest"));

        Assert.Empty(faults);
        var freshness = model!.Routes.Single(route => route.RouteId == "availability").Lookup!.Freshness;
        Assert.Equal(new FreshnessModel(FreshnessMode.Session, TimeSpan.FromMilliseconds(250)), freshness);
        Assert.True(model.SessionWrites.Has("rest"));
        Assert.False(model.SessionWrites.Has("availability"));
        Assert.True(Read((Writes + ":0", "*")).Model!.SessionWrites.Has("rest"));
        Assert.False(Read().Model!.SessionWrites.Has("rest"));
    }

    [Theory]
    [InlineData(Strangler + "Freshness", "eventual", "'session' or 'strict'")]
    [InlineData(Strangler + "MaxStaleness", "12:00:01", "longer than 12 hours")]
    [InlineData("Gateway:Source", null, "looks at the source's primary")]
    [InlineData(Writes + ":0", "nosuch", "'nosuch' does not exist")]
    [InlineData(Writes, "rest", "in brackets")]
    public void Read_SessionThatCannotBe_SaysWhy(string key, string? value, string sentence)
    {
        var (_, faults) = Read((Strangler + "Freshness", "session"), (key, value));

        var fault = Assert.Single(faults);
        Assert.Contains(sentence, $"{fault.Problem} {fault.WayOut}", StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_PlainRouteThatTakesWrites_AreNamedUntilItIsSaidWhetherTheyCount()
    {
        var session = (Strangler + "Freshness", (string?)"session");

        var warning = Assert.Single(Warnings(session), one => one.Path == Writes);

        Assert.Contains("'rest'", warning.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Warnings(), one => one.Path == Writes);
        Assert.DoesNotContain(Warnings(session, (Writes + ":0", "rest")), one => one.Path == Writes);
        Assert.DoesNotContain(Warnings(session, (Writes, "")), one => one.Path == Writes);
        Assert.DoesNotContain(
            Warnings(session, ("ReverseProxy:Routes:rest:Match:Methods:0", "GET")),
            one => one.Path == Writes
        );
    }

    private static (GatewayModel? Model, IReadOnlyList<Fault> Faults) Read(
        params (string Key, string? Value)[] settings
    ) => GatewayConfigReader.Read(Configured(settings), [new FakeResponder()]);

    private static IReadOnlyList<Fault> Warnings(params (string Key, string? Value)[] settings) =>
        GatewayCheck.Warnings(Configured(settings));

    private static Microsoft.Extensions.Configuration.IConfiguration Configured(
        (string Key, string? Value)[] settings
    ) =>
        GatewaySetup.Configured(
            "Host=store",
            "http://127.0.0.1:9000/",
            "legacy",
            [("Gateway:Source", "Host=127.0.0.1;Username=looker;Database=shop"), .. settings]
        );
}
