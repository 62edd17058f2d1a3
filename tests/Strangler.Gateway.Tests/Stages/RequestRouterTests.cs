using System.Text.Json;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Stages;
using Xunit;

namespace Strangler.Gateway.Tests.Stages;

public sealed class RequestRouterTests
{
    private static readonly StranglerRouteModel One = Model("availability");
    private static readonly StranglerRouteModel Many = Model("availabilities");

    [Theory]
    [InlineData("GET", "", "7", "7")]
    [InlineData("HEAD", "area=1", "7", "7")]
    [InlineData("GET", "area=1", "007", "path-form")]
    [InlineData("POST", "", "7", "undeclared-method")]
    [InlineData("OPTIONS", "", "7", "undeclared-method")]
    [InlineData("GET", "other=1", "7", "undeclared-query")]
    [InlineData("GET", "Area=1", "7", "undeclared-query")]
    [InlineData("GET", "area=1&area=1", "7", "repeated-query")]
    [InlineData("GET", "", "x", "key-not-parsable")]
    [InlineData("GET", "", "1%2f2", "key-not-parsable")]
    [InlineData("GET", "", null, "no-key")]
    public void Decide_OneKey_Table(string method, string query, string? sku, string expected) =>
        Assert.Equal(expected, Say(RequestRouter.Decide(One, Stage.Lookup, Get(query, sku) with { Method = method })));

    [Theory]
    [InlineData("""{"skus":["1","2",1],"area":3}""", "1,2,1")]
    [InlineData("""{"skus":["1","02",1],"area":3}""", "key-form")]
    [InlineData("""{"skus":["\u0031"]}""", "1")]
    [InlineData("""{"skus":[]}""", "no-key")]
    [InlineData("""{"area":3}""", "no-key")]
    [InlineData("""{"skus":"1"}""", "key-not-parsable")]
    [InlineData("""{"skus":[null]}""", "key-not-parsable")]
    [InlineData("""{"skus":["1","x"]}""", "key-not-parsable")]
    [InlineData("""{"skus":["1","2","3","4"]}""", "too-many-keys")]
    [InlineData("""{"skus":["1"],"debug":true}""", "undeclared-member")]
    [InlineData("""{"Skus":["1"]}""", "undeclared-member")]
    [InlineData("""{"skus":["1"],"area":{"id":1}}""", "undeclared-member")]
    [InlineData("""{"skus":["1"],"area":[{"id":1}]}""", "undeclared-member")]
    [InlineData("""{"skus":["1"],"skus":["2"]}""", "repeated-member")]
    [InlineData("""{"skus":["\ud800"]}""", "body-not-json")]
    [InlineData("""["1"]""", "body-not-json")]
    [InlineData("1", "body-not-json")]
    public void Decide_ManyKeys_Table(string body, string expected) =>
        Assert.Equal(
            expected,
            Say(RequestRouter.Decide(Many, Stage.Lookup, Post(new BodyFacts.Json(JsonElement.Parse(body)))))
        );

    [Fact]
    public void Decide_BodyNotReadable_GoesToTheCallGraph()
    {
        Assert.IsType<RoutingDecision.ReadBody>(RequestRouter.Decide(Many, Stage.Lookup, Post(BodyFacts.Unread.Value)));
        Assert.Equal("body-too-large", Say(RequestRouter.Decide(Many, Stage.Lookup, Post(BodyFacts.TooLarge.Value))));
        Assert.Equal("body-not-json", Say(RequestRouter.Decide(Many, Stage.Lookup, Post(BodyFacts.NotJson.Value))));
        Assert.Equal("body-not-json", Say(RequestRouter.Decide(Many, Stage.Lookup, Post(BodyFacts.None.Value))));
        Assert.Equal(
            "undeclared-body",
            Say(RequestRouter.Decide(One, Stage.Lookup, Get("", "7") with { Body = BodyFacts.Unread.Value }))
        );
    }

    [Theory]
    [InlineData("7", new[] { "DELETE" }, "undeclared-method")]
    [InlineData("7", new[] { "get" }, "7")]
    [InlineData("7", new[] { "GET", "DELETE" }, "undeclared-method")]
    [InlineData("7", new[] { "" }, "undeclared-method")]
    public void Decide_MethodOverride_CountsAsThatMethod(string sku, string[] overrides, string expected) =>
        Assert.Equal(
            expected,
            Say(RequestRouter.Decide(One, Stage.Lookup, Get("", sku) with { Overrides = overrides }))
        );

    /// <summary>
    /// A document never answers a request for another protocol, regardless of the rest of the request.
    /// </summary>
    [Fact]
    public void Decide_Upgrade_NeverReachesTheLookup() =>
        Requests.Sample(request =>
            Say(RequestRouter.Decide(One, Stage.Lookup, request with { IsUpgrade = true })) == "upgrade"
        );

    /// <summary>
    /// An answer may be for its caller alone: legacy gives it, unless the route says who may see answers.
    /// </summary>
    [Theory]
    [InlineData("Authorization", "Basic YTpi", false, "credentials")]
    [InlineData("cookie", "a=1", false, "credentials")]
    [InlineData("X-Api-Key", "k", false, "credentials")]
    [InlineData("Cookie", "a=1", true, "7")]
    [InlineData("X-Other", "a=1", false, "7")]
    public void Decide_Credentials_ReachTheLookupOnlyIfTheRouteSaysWhoMaySee(
        string header,
        string value,
        bool isSaid,
        string expected
    )
    {
        var request = Get("", "7") with { Headers = new HeaderDictionary { [header] = value } };

        foreach (var rules in isSaid ? Said : [GateRules.Default])
            Assert.Equal(expected, Say(RequestRouter.Decide(One with { Gate = rules }, Stage.Lookup, request)));
        // in shadow they are sampled and counted, so that the gate knows of them
        Assert.Equal("7", Say(RequestRouter.Decide(One, Stage.Shadow, request)));
    }

    /// <summary>Which of several customers a caller means is up to legacy.</summary>
    [Theory]
    [InlineData("7", "customer=7", "other=8")]
    [InlineData("7", "customer=7", "customer=7")]
    [InlineData("no-key", "customer=7", "customer=8")]
    [InlineData("no-key", "Customer=7")]
    [InlineData("no-key")]
    [InlineData("key-form", "customer=007")]
    public void Decide_ClaimAsKey_IsTheCallersOwn(string expected, params string[] claims)
    {
        var route = One with { Lookup = One.Lookup! with { Key = new KeySource.Claim("customer") } };
        var request = Get("", "9") with
        {
            Claims = [.. claims.Select(claim => KeyValuePair.Create(claim.Split('=')[0], claim.Split('=')[1]))],
        };

        Assert.Equal(expected, Say(RequestRouter.Decide(route, Stage.Lookup, request)));
    }

    private static readonly GateRules[] Said =
    [
        GateRules.Default with
        {
            IsAnonymous = true,
        },
        GateRules.Default with
        {
            HasPolicy = true,
        },
    ];

    [Fact]
    public void Decide_Certificate_IsACredential()
    {
        var request = Get("", "7") with { HasCertificate = true };

        var silent = One with { Gate = GateRules.Default };
        var asking = One with
        {
            Gate = GateRules.Default with { AsksLegacy = true },
            AuthorizeBy = new(new TargetTemplate("/access"), [], default, default),
        };
        Assert.Equal("credentials", Say(RequestRouter.Decide(silent, Stage.Lookup, request)));
        Assert.Equal("7", Say(RequestRouter.Decide(silent, Stage.Shadow, request)));
        Assert.Equal("7", Say(RequestRouter.Decide(One, Stage.Lookup, request)));
        // it can't be shown to legacy
        Assert.Equal("credentials", Say(RequestRouter.Decide(asking, Stage.Lookup, request)));
    }

    /// <summary>
    /// In both stages: what the lookup wouldn't answer isn't compared. But for a condition that legacy found not to
    /// hold: it answers as without it.
    /// </summary>
    [Theory]
    [InlineData(Stage.Lookup, new string[0])]
    [InlineData(Stage.Shadow, new[] { "If-Modified-Since", "If-None-Match" })]
    public void Decide_HeaderThatChangesAnswers_NeverReachesTheLookup(Stage stage, string[] others) =>
        Assert.All(
            HeaderRules.Names.Except(others),
            name =>
                Assert.Equal(
                    "undeclared-header",
                    Say(
                        RequestRouter.Decide(
                            One,
                            stage,
                            Get("", "7") with
                            {
                                Headers = new HeaderDictionary { [name] = "identity;q=0, strange" },
                            }
                        )
                    )
                )
        );

    [Theory]
    [InlineData(true, "GET", new[] { "If-None-Match" }, "7")]
    [InlineData(true, "HEAD", new[] { "If-None-Match", "If-Modified-Since" }, "7")]
    [InlineData(true, "GET", new[] { "If-Modified-Since" }, "undeclared-header")]
    [InlineData(true, "GET", new[] { "If-None-Match", "Range" }, "undeclared-header")]
    [InlineData(false, "GET", new[] { "If-None-Match" }, "undeclared-header")]
    public void Decide_Conditions_ReachALookupThatHasTags(
        bool hasTags,
        string method,
        string[] headers,
        string expected
    ) =>
        Assert.Equal(
            expected,
            Say(
                RequestRouter.Decide(
                    One with
                    {
                        Lookup = One.Lookup! with { HasTags = hasTags },
                    },
                    Stage.Lookup,
                    Get("", "7") with
                    {
                        Method = method,
                        Headers = new HeaderDictionary(
                            headers.ToDictionary(name => name, _ => new StringValues("\"a\""))
                        ),
                    }
                )
            )
        );

    [Fact]
    public void Decide_HeadRequest_IsRespondedToAsGet() =>
        Assert.Equal(
            "GET",
            Assert
                .IsType<RoutingDecision.FromLookup>(
                    RequestRouter.Decide(One, Stage.Lookup, Get("", "7") with { Method = "HEAD" })
                )
                .Request.Method
        );

    [Fact]
    public void Decide_StageLegacy_NeverReachesTheLookup() =>
        Requests.Sample(request => Say(RequestRouter.Decide(One, Stage.Legacy, request)) == "stage");

    /// <summary>
    /// The reference defines in one expression which requests reach the lookup; no other request may.
    /// </summary>
    [Fact]
    public void Decide_UndeclaredInput_NeverReachesTheLookup() =>
        Requests.Sample(
            request =>
            {
                var method = request.Overrides.Count == 0 ? request.Method : request.Overrides[0].ToUpperInvariant();
                var declared =
                    method is ("GET" or "HEAD")
                    && request.Method is ("GET" or "HEAD")
                    && request.Overrides.Count < 2
                    && request.Query.All(parameter => parameter.Key == "area")
                    && request.Query.Count < 2
                    && request.Body is BodyFacts.None
                    && request.RouteValues["sku"].All(char.IsAsciiDigit);
                var decision = RequestRouter.Decide(One, Stage.Lookup, request);
                return declared == decision is RoutingDecision.FromLookup
                    && (
                        decision is not RoutingDecision.FromLookup { Request: var seen }
                        || (seen.Query.Keys.All(name => name == "area") && seen.Body is null)
                    );
            },
            iter: 5_000
        );

    /// <summary>
    /// Whatever member is added to a body, at any place, it reaches the lookup only if the member is declared.
    /// </summary>
    [Fact]
    public void Decide_BodyWithAnyMembers_ReachesTheLookupOnlyWithDeclaredOnesOnce() =>
        AnyOf("skus", "area", "Area", "debug", "a.b")
            .Array[0, 4]
            .Sample(names =>
            {
                var members = names.Select(name => $"\"{name}\":{(name == "skus" ? """["1"]""" : "1")}");
                var body = $"{{{string.Join(',', members)}}}";
                var decision = RequestRouter.Decide(
                    Many,
                    Stage.Lookup,
                    Post(new BodyFacts.Json(JsonElement.Parse(body)))
                );
                var declared =
                    names.All(name => name is "skus" or "area")
                    && names.Distinct().Count() == names.Length
                    && names.Contains("skus");
                return declared == decision is RoutingDecision.FromLookup;
            });

    private static Gen<RequestFacts> Requests =>
        Gen.Select(
                AnyOf("GET", "GET", "HEAD", "POST", "PUT", "DELETE"),
                AnyOf("GET", "get", "DELETE").Array[0, 2],
                AnyOf("area", "area", "Area", "x", "").Array[0, 3],
                AnyOf("7", "12", "x1"),
                AnyOf<BodyFacts>(BodyFacts.None.Value, BodyFacts.None.Value, BodyFacts.Unread.Value),
                (method, overrides, query, sku, body) =>
                    new RequestFacts(
                        method,
                        overrides,
                        TargetOf(sku, string.Join('&', query.Select(name => $"{name}=1"))),
                        new Dictionary<string, string> { ["sku"] = sku },
                        [.. query.Select(name => KeyValuePair.Create(name, "1"))],
                        body
                    )
            )
            .Where(request =>
                request.Overrides.Count < 2
                || !request.Overrides[0].Equals(request.Overrides[1], StringComparison.OrdinalIgnoreCase)
            );

    private static Gen<TValue> AnyOf<TValue>(params TValue[] values) =>
        Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static RequestFacts Get(string query, string? sku) =>
        new(
            "GET",
            [],
            TargetOf(sku, query),
            sku is null ? new Dictionary<string, string>() : new() { ["sku"] = sku },
            [
                .. query
                    .Split('&', StringSplitOptions.RemoveEmptyEntries)
                    .Select(pair => KeyValuePair.Create(pair.Split('=')[0], pair.Split('=')[1])),
            ],
            BodyFacts.None.Value
        );

    private static RequestFacts Post(BodyFacts body) =>
        new("POST", [], "/api/availability", new Dictionary<string, string>(), [], body);

    private static string TargetOf(string? sku, string query) =>
        $"/api/items/{sku}/availability{(query == "" ? "" : "?" + query)}";

    private static string Say(RoutingDecision decision) =>
        decision switch
        {
            RoutingDecision.CallGraph callGraph => callGraph.Reason.Text(),
            RoutingDecision.FromLookup lookup => string.Join(',', lookup.Keys),
            _ => decision.GetType().Name,
        };

    private static StranglerRouteModel Model(string route) =>
        GatewayConfigReader
            .Read(
                GatewaySetup.Configured(
                    "Host=127.0.0.1",
                    "http://127.0.0.1:9000/",
                    "legacy",
                    ("ReverseProxy:Routes:availabilities:Strangler:MaxKeys", "3")
                ),
                [new FakeResponder()]
            )
            .Model!.Routes.Single(model => model.RouteId == route);
}
