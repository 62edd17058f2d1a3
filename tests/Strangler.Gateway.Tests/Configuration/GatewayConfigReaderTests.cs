using Strangler.Evidence.Gates;
using Strangler.Gateway.Configuration;
using Xunit;

namespace Strangler.Gateway.Tests.Configuration;

public sealed class GatewayConfigReaderTests
{
    private const string Connections = "ReverseProxy:Clusters:legacy:HttpClient:MaxConnectionsPerServer";
    private const string Route = "ReverseProxy:Routes:availability";
    private const string Strangler = Route + ":Strangler";
    private const string Shadow = Strangler + ":Shadow";
    private static readonly string[] Routes = ["availability", "availabilities"];
    private const string Many = "ReverseProxy:Routes:availabilities:Strangler";
    private const string InCode = "'Strangler.Hosting'";

    [Fact]
    public void Read_ValidConfiguration_MeansWhatItSays()
    {
        var (model, faults) = Read(
            (Strangler + ":MaxStaleness", "00:00:30"),
            (Many + ":MaxKeys", "7"),
            (Strangler + ":Compare:Ignore:0", "$.at"),
            ("Gateway:HashKey", "0123456789abcdef")
        );

        Assert.Empty(faults);
        Assert.Equal(
            ["availabilities", "availability"],
            model!.Routes.Select(route => route.RouteId).Order(StringComparer.Ordinal)
        );
        var one = model.Routes.Single(route => route.RouteId == "availability");
        Assert.Equal(
            (Stage.Legacy, TimeSpan.FromSeconds(30), 100, 65_536),
            (one.Begin, one.Lookup!.MaxStaleness, one.Lookup.MaxKeys, one.Lookup.MaxBodyBytes)
        );
        Assert.Equal(
            (TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500)),
            (one.Lookup.LookupTimeout, one.Lookup.RespondLimit)
        );
        Assert.Equal(new KeySource.RouteValue("sku"), one.Lookup.Key);
        Assert.Equal(7, model.Routes.Single(route => route.RouteId == "availabilities").Lookup!.MaxKeys);
        Assert.Equal("$.at", Assert.Single(one.Compare.Ignore).Text);
        Assert.Equal("0123456789abcdef"u8.ToArray(), one.Compare.HashKey.ToArray());
        Assert.Equal((256, false), (model.MaxFallback, model.AnswerHeader));
    }

    [Fact]
    public void Read_ConstantHeadersAndResponseTransforms_ArePartOfWhatEvidenceIsOf()
    {
        string Hash(params (string Key, string? Value)[] settings) =>
            Read(settings).Model!.Routes.Single(route => route.RouteId == "availability").Compare.Hash;

        string[] hashes =
        [
            Hash(),
            Hash((Strangler + ":AnswerHeaders:Cache-Control", "no-store")),
            Hash((Strangler + ":AnswerHeaders:Cache-Control", "no-cache")),
            Hash((Strangler + ":IgnorePathForms:0", "case")),
            Hash((Strangler + ":IgnorePathForms:0", "trailing-slash")),
            Hash((Route + ":Transforms:0:ResponseHeaderRemove", "Vary")),
            Hash((Route + ":Transforms:0:ResponseHeader", "X-A"), (Route + ":Transforms:0:Set", "1")),
            Hash((Route + ":Transforms:0:ResponseHeader", "X-A"), (Route + ":Transforms:0:Set", "2")),
        ];

        Assert.Distinct(hashes);
        Assert.Equal(
            hashes[0],
            Hash((Route + ":Transforms:0:RequestHeader", "X-A"), (Route + ":Transforms:0:Set", "1"))
        );
    }

    [Theory]
    [InlineData(Strangler + ":Stage", "canary", Strangler + ":Stage", "'legacy', 'shadow' and 'lookup'")]
    [InlineData(Strangler + ":Stage", "Lookup", Strangler + ":Stage", "'legacy', 'shadow' and 'lookup'")]
    [InlineData(Strangler + ":Projection", "Nothing", Strangler + ":Projection", "'ItemAvailability'")]
    [InlineData(Strangler + ":Projektion", "x", Strangler + ":Projektion", "'Projection'")]
    [InlineData(Strangler + ":Key", "{id}", Strangler + ":Key", "'sku'")]
    [InlineData(Strangler + ":Key", "sku", Strangler + ":Key", "'{name}'")]
    [InlineData(Strangler + ":Key", "claim:sub", Strangler + ":Key", "'AuthorizationPolicy'")]
    [InlineData(Strangler + ":AuthorizeBy:For", "00:00:01", Strangler + ":AuthorizeBy:Path", "'/access/{sku}'")]
    [InlineData(Strangler + ":AuthorizeBy:Path", "/a/{id}", Strangler + ":AuthorizeBy:Path", "Name one")]
    [InlineData(Strangler + ":AuthorizeBy:Path", "/a", Strangler + ":AuthorizeBy", "Leave one of them out")]
    [InlineData(Strangler + ":AuthorizeBy:Headers:0", "X A", Strangler + ":AuthorizeBy:Headers", "'X-Tenant'")]
    [InlineData(Strangler + ":Key", null, Strangler + ":Key", "'{sku}'")]
    [InlineData(Strangler + ":IgnorePathForms:0", "slash", Strangler + ":IgnorePathForms:0", "'trailing-slash'")]
    [InlineData(Strangler + ":IgnorePathForms", "case", Strangler + ":IgnorePathForms", "a list")]
    [InlineData(Many + ":Key", "$.skus[0]", Many + ":Key", "'$.skus[*]'")]
    [InlineData(Many + ":Key", "$", Many + ":Key", "'$.skus[*]'")]
    [InlineData(Many + ":Key", "$.items[*].sku", Many + ":Key", "Add 'items' to 'Body'.")]
    [InlineData(Many + ":ReadOnly", null, Many + ":ReadOnly", "Set 'ReadOnly' to true")]
    [InlineData(Many + ":ReadOnly", "yes", Many + ":ReadOnly", "true or false")]
    [InlineData("ReverseProxy:Routes:availabilities:Match:Methods:0", "GET", Many + ":Key", "POST")]
    [InlineData(Strangler + ":MaxStaleness", "30", Strangler + ":MaxStaleness", "hours:minutes:seconds")]
    [InlineData(Strangler + ":MaxStaleness", "-00:00:01", Strangler + ":MaxStaleness", "hours:minutes:seconds")]
    [InlineData(Strangler + ":LookupTimeout", "1.00:00:00", Strangler + ":LookupTimeout", "00:00:00.25")]
    [InlineData(Strangler + ":RespondLimit", "00:00:00", Strangler + ":RespondLimit", "00:00:00.5")]
    [InlineData(Strangler + ":MaxKeys", "0", Strangler + ":MaxKeys", "100")]
    [InlineData(Strangler + ":MaxBodyBytes", "1000000", Strangler + ":MaxBodyBytes", "65536")]
    [InlineData(Strangler + ":Query", "area", Strangler + ":Query", "brackets")]
    [InlineData(Strangler + ":Recheck:Share", "1.5", Strangler + ":Recheck:Share", "0.01")]
    [InlineData(Strangler + ":Recheck:MinPerMinute", "6001", Strangler + ":Recheck:MinPerMinute", "leave it out for 6")]
    [InlineData(Strangler + ":Recheck:MaxPerSecond", "0", Strangler + ":Recheck:MaxPerSecond", "leave it out for 2")]
    [InlineData(Strangler + ":Recheck:PerSecond", "1", Strangler + ":Recheck:PerSecond", "'MaxPerSecond'")]
    [InlineData(Strangler + ":AnswerHeaders", "no-store", Strangler + ":AnswerHeaders", "Cache-Control")]
    [InlineData(Strangler + ":AnswerHeaders:a b", "x", Strangler + ":AnswerHeaders:a b", "'Cache-Control'")]
    [InlineData(
        Strangler + ":AnswerHeaders:Content-Length",
        "7",
        Strangler + ":AnswerHeaders:Content-Length",
        "Remove it"
    )]
    [InlineData(
        Strangler + ":AnswerHeaders:content-type",
        "text/plain",
        Strangler + ":AnswerHeaders:content-type",
        "Respond"
    )]
    [InlineData(Strangler + ":AnswerHeaders:X-A", "a\r\nX-B: c", Strangler + ":AnswerHeaders:X-A", "printable ASCII")]
    [InlineData(Strangler + ":Anonymous", "yes", Strangler + ":Anonymous", "true or false")]
    [InlineData(Shadow + ":Share", "1.5", Shadow + ":Share", "0.01")]
    [InlineData(Shadow + ":Share", "0,5", Shadow + ":Share", "0.01")]
    [InlineData(Shadow + ":PerSecond", "0", Shadow + ":PerSecond", "50")]
    [InlineData(Shadow + ":MaxConcurrent", "9999", Shadow + ":MaxConcurrent", "32")]
    [InlineData(Shadow + ":MaxBodyBytes", "99999999", Shadow + ":MaxBodyBytes", "1048576")]
    [InlineData(Shadow + ":LegacyStaleness", "5", Shadow + ":LegacyStaleness", "hours:minutes:seconds")]
    [InlineData(Shadow + ":Delay", "00:00:11", Shadow + ":Delay", "00:00:02")]
    [InlineData(Shadow + ":Wait", "00:00:00", Shadow + ":Wait", "00:00:10")]
    [InlineData(Shadow + ":AskAgain:Times", "-1", Shadow + ":AskAgain:Times", "5")]
    [InlineData(Shadow + ":AskAgain:Often", "1", Shadow + ":AskAgain:Often", "'Times'")]
    [InlineData(Shadow + ":Percent", "1", Shadow + ":Percent", "'Share'")]
    [InlineData(Shadow + ":Share", "1", "Gateway:Source", "a login without rights")]
    [InlineData(Strangler + ":Stage", "shadow", "Gateway:Source", "a login without rights")]
    [InlineData("Gateway:Source", "Host=a,b", "Gateway:Source", "one host")]
    [InlineData("Gateway:Source", "Colour=red", "Gateway:Source", "Host=…")]
    [InlineData("Gateway:SourceInterval", "20", "Gateway:SourceInterval", "00:00:00.02")]
    [InlineData("Gateway:SourceInterval", "00:00:01.001", "Gateway:SourceInterval", "00:00:00.02")]
    [InlineData(Strangler + ":Gate:MaxLost", "1 %", Strangler + ":Gate:MaxLost", "0.01")]
    [InlineData(Strangler + ":Gate:MinCoverage", "95", Strangler + ":Gate:MinCoverage", "0.01")]
    [InlineData(Strangler + ":Gate:MinTime", "1", Strangler + ":Gate:MinTime", "hours:minutes:seconds")]
    [InlineData(Strangler + ":Gate:MaxLag", "00:00:00", Strangler + ":Gate:MaxLag", "00:00:10")]
    [InlineData(Strangler + ":Promote", "Auto", Strangler + ":Promote", "'auto'")]
    [InlineData(Strangler + ":Promote", "auto", "Gateway:Source", "a login without rights")]
    [InlineData("Gateway:ShadowBytes", "1", "Gateway:ShadowBytes", "67108864")]
    [InlineData(Strangler + ":Compare:Ignore:0", "at", Strangler + ":Compare:Ignore:0", "RFC 9535")]
    [InlineData("Gateway:HashKey", "short", "Gateway:HashKey", "32 random characters")]
    [InlineData(Route + ":ClusterId", "other", Route + ":ClusterId", "'legacy'")]
    [InlineData(Route + ":ClusterId", null, Route + ":ClusterId", "'legacy'")]
    [InlineData(Route + ":Match:Path", "/api/{", Route, "YARP")]
    [InlineData(Route + ":Match:Methods:0", "GET GET", Route, "YARP")]
    [InlineData(Route + ":Order", "first", Route + ":Order", "YARP")]
    [InlineData("ReverseProxy:Clusters:legacy:LoadBalancingPolicy", "Best", "ReverseProxy:Clusters:legacy", InCode)]
    [InlineData(Route + ":Transforms:0:OfOurs", "x", Route, InCode)]
    [InlineData(
        "ReverseProxy:Clusters:legacy:Destinations:d1:Address",
        "",
        "ReverseProxy:Clusters:legacy:Destinations:d1:Address",
        "http://127.0.0.1:9000/"
    )]
    [InlineData(
        "ReverseProxy:Clusters:legacy:Destinations:d1:Address",
        "127.0.0.1:9000",
        "ReverseProxy:Clusters:legacy:Destinations:d1:Address",
        "http://127.0.0.1:9000/"
    )]
    [InlineData(Connections, "x", Connections, "YARP")]
    [InlineData(Route + ":AuthorizationPolicy", "default", Route + ":AuthorizationPolicy", "'Authentication:Schemes'")]
    [InlineData(Route + ":AuthorizationPolicy", "x", Route + ":AuthorizationPolicy", "'Authorization:Policies:x'")]
    [InlineData(Route + ":AuthorizationPolicy", "ofOurs", Route + ":AuthorizationPolicy", InCode)]
    [InlineData(Route + ":CorsPolicy", "default", Route + ":CorsPolicy", "'Cors:Default'")]
    [InlineData(Route + ":CorsPolicy", "x", Route + ":CorsPolicy", "'Cors:Policies:x'")]
    [InlineData(Route + ":RateLimiterPolicy", "default", Route + ":RateLimiterPolicy", "'RateLimiter:Policies'")]
    [InlineData(Route + ":RateLimiterPolicy", "x", Route + ":RateLimiterPolicy", "'RateLimiter:Policies:x'")]
    [InlineData(Route + ":OutputCachePolicy", "x", Route + ":OutputCachePolicy", "'OutputCache:Policies:x'")]
    [InlineData(Route + ":TimeoutPolicy", "x", Route, InCode)]
    [InlineData("Gateway:Urls", "127.0.0.1:80", "Gateway:Urls", "http://")]
    [InlineData("Gateway:Urls", "http://127.0.0.1:99999", "Gateway:Urls", "http://")]
    [InlineData("Gateway:Urls", "http://127.0.0.1:80/path", "Gateway:Urls", "without a path")]
    [InlineData("Gateway:Admin", "http://0.0.0.0:8081", "Gateway:Admin", "127.0.0.1")]
    [InlineData("Gateway:Admin", "http://*:8081", "Gateway:Admin", "127.0.0.1")]
    [InlineData("Gateway:Admin", "http://example.org:8081", "Gateway:Admin", "127.0.0.1")]
    [InlineData("Gateway:Admin", "https://127.0.0.1:8081", "Gateway:Admin", "http://")]
    [InlineData("Gateway:AnswerHeader", "1", "Gateway:AnswerHeader", "true or false")]
    [InlineData("Gateway:MaxFallback", "many", "Gateway:MaxFallback", "256")]
    [InlineData("Gateway:Url", "x", "Gateway:Url", "'Urls'")]
    [InlineData("Store:ConnectionString", null, "Store:ConnectionString", "Host=")]
    [InlineData("Store:ConnectionString", "Host=x;Colour=red", "Store:ConnectionString", "Host=…")]
    public void Read_OneFault_IsSaidWithItsPathAndAWayOut(string key, string? value, string path, string wayOut)
    {
        var (model, faults) = Read((key, value));

        Assert.Null(model);
        Assert.Contains(faults, fault => fault.Path == path && fault.WayOut.Contains(wayOut, StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.EndsWith(".", fault.WayOut, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_StageLookupWithoutProjection_IsAFaultOfTheStage()
    {
        var (model, faults) = Read(
            (Strangler + ":Projection", null),
            (Strangler + ":Key", null),
            (Strangler + ":Stage", "lookup")
        );

        Assert.Null(model);
        Assert.Equal(Strangler + ":Stage", Assert.Single(faults).Path);
    }

    [Fact]
    public void Read_Shadow_MeansWhatItSays()
    {
        var (model, faults) = Read(
            ("Gateway:Source", "Host=10.0.0.1;Username=looker;Password=secret"),
            (Shadow + ":Share", "0.25"),
            (Shadow + ":LegacyStaleness", "00:00:05"),
            (Shadow + ":Delay", "00:00:03"),
            (Shadow + ":AskAgain:Times", "9"),
            (Strangler + ":Stage", "shadow")
        );

        Assert.Empty(faults);
        var route = model!.Routes.Single(route => route.RouteId == "availability");
        Assert.Equal(
            ShadowModel.Default with
            {
                Share = 0.25,
                LegacyStaleness = TimeSpan.FromSeconds(5),
                Delay = TimeSpan.FromSeconds(3),
                AgainTimes = 9,
            },
            route.Shadow
        );
        Assert.Equal(
            (Stage.Shadow, TimeSpan.FromMilliseconds(20), 64 << 20),
            (route.Begin, model.Source!.Interval, model.ShadowBytes)
        );
        Assert.DoesNotContain("secret", $"{model} {model.Source}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Shadow + ":Share", "1")]
    [InlineData(Strangler + ":Stage", "shadow")]
    [InlineData(Strangler + ":MaxKeys", "100")] // in legacy, but it can be taken to shadow
    public void Read_SourceAndNobodyToAskForMoments_IsAFault(string key, string value)
    {
        var (model, faults) = Read(("Gateway:Source", "Host=10.0.0.1"), ("Projections:Moments", null), (key, value));

        var fault = Assert.Single(faults);
        Assert.Null(model);
        Assert.Equal("Projections:Moments", fault.Path);
        Assert.Contains("'availability'", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:8082", fault.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NothingIsCompared_NeedsNobodyToAskForMoments() =>
        Assert.Empty(Read(("Projections:Moments", null)).Faults);

    [Theory]
    [InlineData("00:05:00", false)]
    [InlineData("00:05:00.001", true)]
    [InlineData(null, true)]
    public void Read_AnswersOlderThanHistory_AreAFault(string? kept, bool fits)
    {
        var (_, faults) = Read(
            ("Gateway:Source", "Host=10.0.0.1"),
            (Shadow + ":LegacyStaleness", "00:05:00"),
            ("Projections:HistoryRetention", kept)
        );

        Assert.Equal(fits ? [] : [Shadow + ":LegacyStaleness"], faults.Select(fault => fault.Path));
    }

    /// <summary>
    /// A bracket ends with the first look sent after the answer: in the worst case a look is in progress, followed by
    /// an interval and the look that counts.
    /// </summary>
    [Fact]
    public void GreatestInterval_WithLooksThatTakeAsLongAsTheyMay_LeavesTimeForEveryBracket()
    {
        var look = TimeSpan.FromSeconds(global::Strangler.Gateway.Shadowing.SourceConnection.LimitSeconds);

        Assert.True(
            look + SourceConfigReader.MaxInterval + look <= global::Strangler.Gateway.Shadowing.SourcePoll.LookLimit
        );
        Assert.True(
            SourceConfigReader.MaxInterval + look <= global::Strangler.Gateway.Shadowing.ShadowSampler.MaxSnapshotAge
        );
    }

    [Fact]
    public void Read_SamePortTwice_IsAFaultOfTheAdminApi()
    {
        var (_, faults) = Read(("Gateway:Urls", "http://127.0.0.1:8080"), ("Gateway:Admin", "http://127.0.0.1:8080"));

        Assert.Equal("Gateway:Admin", Assert.Single(faults).Path);
    }

    /// <summary>YARP says the value and not its place.</summary>
    [Fact]
    public void Read_ValueThatYarpCantReadAtTwoPlaces_NamesBoth()
    {
        var fault = Assert.Single(Read((Route + ":Order", "first"), (Route + ":Metadata:Turn", "first")).Faults);

        Assert.Equal("ReverseProxy", fault.Path);
        Assert.Contains($"'{Route}:Metadata:Turn' and '{Route}:Order'", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManyFaults_AreSaidTogether()
    {
        var (_, faults) = Read(
            (Strangler + ":Stage", "x"),
            (Strangler + ":Key", "{x}"),
            (Many + ":ReadOnly", null),
            ("Gateway:Urls", "nowhere"),
            ("Store:ConnectionString", null),
            (Route + ":ClusterId", "x"),
            ("ReverseProxy:Clusters:legacy:LoadBalancingPolicy", "Best")
        );

        string[] paths =
        [
            Strangler + ":Stage",
            Strangler + ":Key",
            Many + ":ReadOnly",
            "Gateway:Urls",
            "Store:ConnectionString",
            Route + ":ClusterId",
            "ReverseProxy:Clusters:legacy",
        ];
        Assert.Equal(
            paths.Order(StringComparer.Ordinal),
            faults.Select(fault => fault.Path).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Read_NoConfigurationAtAll_SaysWhatIsNeeded()
    {
        var faults = GatewayCheck.Check(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build(), []);

        Assert.Equal(["ReverseProxy:Routes"], faults.Select(fault => fault.Path));
    }

    /// <summary>What only a lookup needs isn't asked for.</summary>
    [Fact]
    public void Read_NoRouteNamesAProjection_NeedsNeitherStoreNorSource()
    {
        var (model, faults) = Read([
            .. Routes
                .SelectMany(route =>
                    (string[])
                        [
                            $"ReverseProxy:Routes:{route}:Strangler:Projection",
                            $"ReverseProxy:Routes:{route}:Strangler:Key",
                            $"ReverseProxy:Routes:{route}:Strangler:ReadOnly",
                        ]
                )
                .Select(key => (key, (string?)null)),
            ("Store:ConnectionString", "Colour=red"),
            ("Projections:Moments", null),
        ]);

        Assert.Empty(faults);
        Assert.Null(model!.StoreConnection);
    }

    /// <summary>YARP answers such a route with 503, as it does without us.</summary>
    [Theory]
    [InlineData("ReverseProxy:Routes:rest:ClusterId", null, "ReverseProxy:Routes:rest:ClusterId")]
    [InlineData("ReverseProxy:Routes:rest:ClusterId", "other", "ReverseProxy:Routes:rest:ClusterId")]
    [InlineData(
        "ReverseProxy:Clusters:other:LoadBalancingPolicy",
        "RoundRobin",
        "ReverseProxy:Clusters:other:Destinations"
    )]
    [InlineData(
        "ReverseProxy:Clusters:other:Destinations:d1:Address",
        "127.0.0.1:9000",
        "ReverseProxy:Clusters:other:Destinations:d1:Address"
    )]
    public void Read_PlainRouteThatLeadsNowhere_IsAWarning(string key, string? value, string path)
    {
        var (model, faults) = Read((key, value));

        Assert.Empty(faults);
        Assert.Equal(path, Assert.Single(model!.Warnings).Path);
    }

    private static (GatewayModel? Model, IReadOnlyList<Foundation.Faults.Fault> Faults) Read(
        params (string Key, string? Value)[] settings
    ) =>
        GatewayConfigReader.Read(
            GatewaySetup.Configured("Host=127.0.0.1", "http://127.0.0.1:9000/", "legacy", settings),
            [new FakeResponder()]
        );
}
