using Strangler.Comparing.Verdicts;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>
/// An answer that differs because of the form of its request is blamed on the route, and on nothing else.
/// </summary>
public sealed class RequestFormTests(PostgresFixture postgres)
{
    private const string Three = """{"quantity":3}""";
    private const string Nine = """{"quantity":9}""";

    [Theory]
    [InlineData("X-Tenant", "north")]
    [InlineData("Cookie", "region=north")] // a request without it is another caller's, and still shows that it matters
    public async Task Shadow_LegacyReadsAnUndeclaredHeader_NamesItAndNoOther(string header, string value)
    {
        await using var setup = await StartAsync(context => context.Request.Headers.ContainsKey(header) ? Nine : Three);

        var wrong = await WrongAsync(
            setup,
            "/api/items/7/availability",
            [("X-First", "1"), ("X-Second", "2"), (header, value), ("X-Third", "3")]
        );

        Assert.Equal(WrongCause.Request, wrong.Cause);
        Assert.Equal(
            $"Without the request header '{header.ToLowerInvariant()}', which the route doesn't declare, legacy "
                + "answers as the lookup does.",
            wrong.Form
        );
    }

    [Fact]
    public async Task Shadow_LegacyReadsTwoHeadersTogether_NamesBoth()
    {
        await using var setup = await StartAsync(context =>
            context.Request.Headers.ContainsKey("X-First") || context.Request.Headers.ContainsKey("X-Third")
                ? Nine
                : Three
        );

        var wrong = await WrongAsync(
            setup,
            "/api/items/7/availability",
            [("X-First", "1"), ("X-Second", "2"), ("X-Third", "3"), ("X-Fourth", "4")]
        );

        Assert.Equal(WrongCause.Request, wrong.Cause);
        Assert.Contains("'x-first'", wrong.Form, StringComparison.Ordinal);
        Assert.Contains("'x-third'", wrong.Form, StringComparison.Ordinal);
    }

    /// <summary>The same request with and without headers, and a header that Respond gets.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("X-Tenant")]
    public async Task Shadow_FormDoesNotExplainIt_BlamesTheProjection(string? declared)
    {
        await using var setup = await StartAsync(
            context => declared is null || context.Request.Headers.ContainsKey("X-Tenant") ? Nine : Three,
            declared is null ? [] : [("ReverseProxy:Routes:availability:Strangler:Headers:0", declared)]
        );

        var wrong = await WrongAsync(setup, "/api/items/7/availability?area=a", [("X-Tenant", "north")]);

        Assert.Equal((WrongCause.Projection, null), (wrong.Cause, wrong.Form));
    }

    [Theory]
    [InlineData("ABC", "abc")]
    [InlineData("abc", "ABC")]
    [InlineData("007", "7")]
    [InlineData("7.json", "7")]
    public async Task Shadow_LegacyTakesAnotherSpellingOfTheKey_NamesIt(string written, string taken)
    {
        await using var setup = await StartAsync(_ => Three);
        setup.Responder.KeyInstead = key => key;
        setup.Moments.Documents[taken] = Three;

        var wrong = await WrongAsync(setup, $"/api/items/{written}/availability", []);

        Assert.Equal(
            (WrongCause.Request, $"Legacy takes the key '{written}' for '{taken}'."),
            (wrong.Cause, wrong.Form)
        );
    }

    [Fact]
    public async Task Shadow_LegacyTakesAnotherSpellingOfAParameter_NamesIt()
    {
        await using var setup = await StartAsync(_ => Three);
        setup.Responder.Instead = request =>
            Projections.Answer.Json(
                200,
                System.Text.Encoding.UTF8.GetBytes(request.Query.GetValueOrDefault("area") == "de-w" ? Three : Nine)
            );

        var wrong = await WrongAsync(setup, "/api/items/7/availability?area=DE-W", []);

        Assert.Equal(
            (WrongCause.Request, "Legacy takes the parameter 'area=DE-W' for 'area=de-w'."),
            (wrong.Cause, wrong.Form)
        );
    }

    /// <summary>Legacy's error is alike for every key that it doesn't know, so that it says nothing.</summary>
    [Fact]
    public async Task Shadow_OnlyErrorsAreAlike_BlamesTheProjection()
    {
        await using var setup = await StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return """{"error":"unknown"}""";
        });
        setup.Responder.KeyInstead = key => key;
        setup.Moments.Documents["ABC"] = Three;

        var wrong = await WrongAsync(setup, "/api/items/ABC/availability", []);

        Assert.Equal(WrongCause.Projection, wrong.Cause);
    }

    /// <summary>Answers about nothing are alike for every spelling without a document, also with 200.</summary>
    [Fact]
    public async Task Shadow_OnlyAnswersAboutNothingAreAlike_BlamesTheProjection()
    {
        await using var setup = await StartAsync(_ => "{}");
        setup.Responder.KeyInstead = key => key;
        setup.Responder.Instead = request =>
            Projections.Answer.Json(
                200,
                System.Text.Encoding.UTF8.GetBytes(request.RouteValues.Values.Contains("ABC") ? Three : "{}")
            );
        setup.Moments.Documents["ABC"] = Three;

        var wrong = await WrongAsync(setup, "/api/items/ABC/availability", []);

        Assert.Equal((WrongCause.Projection, null), (wrong.Cause, wrong.Form));
    }

    /// <summary>Key 7 has a document; any other has none.</summary>
    private async Task<GatewaySetup> StartAsync(
        Func<Microsoft.AspNetCore.Http.HttpContext, string> answer,
        params (string Key, string? Value)[] settings
    )
    {
        var setup = await ShadowedRoute.StartAsync(postgres, answer, settings);
        setup.Moments.Documents["7"] = Three;
        return setup;
    }

    private static async Task<Verdict.Wrong> WrongAsync(
        GatewaySetup setup,
        string target,
        (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var response = await setup.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var compared = await ShadowedRoute.ComparedAsync(setup);
        return Assert.IsType<Verdict.Wrong>(Assert.Single(compared.Parts).Verdict);
    }
}
