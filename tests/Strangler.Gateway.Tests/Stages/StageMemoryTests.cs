using System.Net;
using CsCheck;
using Npgsql;
using Strangler.Evidence.Gates;
using Strangler.Gateway.Stages;
using Strangler.Hosting;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Stages;

/// <summary>A gateway that starts while the store is gone.</summary>
public sealed class StageMemoryTests(PostgresFixture postgres) : IDisposable
{
    private const string Target = "/api/items/7/availability";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strangler-stages-");

    private static Gen<Stage> AnyStage => Gen.OneOf(StageTraits.Stages.Select(stage => Gen.Const(stage)).ToArray());

    private static Gen<RouteStage> Stages =>
        from route in Gen.String.AlphaNumeric
        from stage in AnyStage
        from version in Gen.Int
        from at in Gen.DateTimeOffset
        from who in Gen.String.AlphaNumeric
        from why in Gen.String.AlphaNumeric
        from guard in Gen.String.AlphaNumeric.Null()
        from isFrozen in Gen.Bool
        select new RouteStage(route, stage, version, at, who, why) { Guard = guard, IsFrozen = isFrozen };

    private static Gen<StageTable.PutBack> PutBacks =>
        from version in Gen.Int
        from why in Gen.String.AlphaNumeric
        from to in AnyStage
        from who in Gen.String.AlphaNumeric
        from guard in Gen.String.AlphaNumeric.Null()
        from isFrozen in Gen.Bool
        from evidence in Gen.String.AlphaNumeric.Null()
        select new StageTable.PutBack("any", version, why)
        {
            To = to,
            Who = who,
            Guard = guard,
            IsFrozen = isFrozen,
            Evidence = evidence,
        };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string StagesFile => Path.Combine(_folder.FullName, "stages.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Start_StoreIsGone_GoesOnWithTheLastStages()
    {
        await using var setup = await KeptAsync();

        await StartWithoutStoreAsync(setup);
        var answer = await setup.Client.GetStringAsync(Target, Cancellation);
        var health = await setup.Admin.HealthAsync(Cancellation);

        Assert.Equal("""{"sku":7}""", answer);
        Assert.NotNull(health.StoreTrouble);
        Assert.Empty(health.GatewayFaults);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(StagesFile));
        Assert.Equal([StagesFile], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task Start_RulesHaveChanged_IsLegacy()
    {
        await using var setup = await KeptAsync();

        await StartWithoutStoreAsync(setup, ("ReverseProxy:Routes:availability:Strangler:Compare:Ignore:0", "$.at"));

        Assert.Equal($"legacy {Target}", await setup.Client.GetStringAsync(Target, Cancellation));
    }

    /// <summary>A guard rolled it back while the store was gone, and then the gateway was restarted.</summary>
    [Fact]
    public async Task Start_RouteWasPutBackAndTheStoreNotTold_StaysSoAndTellsTheStore()
    {
        await using var setup = await KeptAsync();
        var kept = KeptStages.Parse(await File.ReadAllTextAsync(StagesFile, Cancellation));
        var route = kept.Routes.Single(route => route.Route == "availability");
        var putBack = new KeptPutBack(route.Version, "legacy", "guard", "2 are wrong.", "wrong", false, "{}");
        await File.WriteAllTextAsync(
            StagesFile,
            (kept with { Routes = [route with { PutBack = putBack }] }).ToText(),
            Cancellation
        );

        await StartWithoutStoreAsync(setup);
        var answer = await setup.Client.GetStringAsync(Target, Cancellation);
        await setup.Gateway.DisposeAsync();
        await setup.StartGatewayAsync("legacy", ("Gateway:StagesFile", StagesFile));
        await GatewaySetup.UntilAsync(
            () => setup.Gateway.Stages.Current.Find("availability")?.Stage == Stage.Legacy,
            "the store is told"
        );
        var change = (await setup.Admin.HistoryAsync("availability", Cancellation)).Changes[0];

        Assert.Equal($"legacy {Target}", answer);
        Assert.Equal(
            ("lookup", "legacy", "guard", "wrong", "2 are wrong."),
            (change.From, change.To, change.Who, change.Guard, change.Why)
        );
    }

    /// <summary>A stage that differs from the store's of the same version counts as one of an older copy.</summary>
    [Fact]
    public void Text_ReadAgain_HoldsTheSameStagesAndPutBacks() =>
        Gen.Select(Stages, PutBacks)
            .Sample(
                (stage, putBack) =>
                {
                    var kept = new KeptStages(
                        KeptStages.CurrentFormat,
                        "db:5432/store",
                        DateTimeOffset.UnixEpoch,
                        [KeptRoute.Of(stage, "Projection 1 2", putBack)]
                    );

                    var read = Assert.Single(KeptStages.Parse(kept.ToText()).Routes);

                    Assert.Equal(stage, read.ToStage());
                    Assert.Equal(putBack with { Route = stage.Route }, read.PutBack!.ToPutBack(stage.Route));
                }
            );

    [Theory]
    [InlineData("damaged")]
    [InlineData("of another store")]
    public async Task Start_FileIsDamagedOrOfAnotherStore_IsLegacyWithASentence(string fault)
    {
        await using var setup = await KeptAsync();
        var text = await File.ReadAllTextAsync(StagesFile, Cancellation);
        await File.WriteAllTextAsync(
            StagesFile,
            fault == "damaged" ? text[..^4] : text.Replace("\"store\": \"", "\"store\": \"x", StringComparison.Ordinal),
            Cancellation
        );

        await StartWithoutStoreAsync(setup);
        var health = await setup.Admin.HealthAsync(Cancellation);

        Assert.Equal($"legacy {Target}", await setup.Client.GetStringAsync(Target, Cancellation));
        Assert.StartsWith(
            $"The stages in '{StagesFile}' can't be used",
            Assert.Single(health.GatewayFaults),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Start_FolderDoesNotExist_ServesAndSaysSo()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), start: false);
        await setup.StartGatewayAsync("legacy", ("Gateway:StagesFile", Path.Combine(StagesFile, "x")));

        using var answer = await setup.Client.GetAsync(Target, Cancellation);
        var health = await setup.Admin.HealthAsync(Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("The stages can't be kept in", Assert.Single(health.GatewayFaults), StringComparison.Ordinal);
    }

    /// <summary>A pooler may swallow notifications, and each gateway looks by itself.</summary>
    [Fact]
    public async Task Switch_WithoutANotification_IsFollowedByEachGateway()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), start: false);
        var gateways = new[] { await setup.StartGatewayAsync(), await setup.StartGatewayAsync() };
        await using var store = NpgsqlDataSource.Create(setup.Store);

        await using var command = store.CreateCommand(
            "update gateway.route set stage = 'lookup', version = version + 1 where route = 'availability'"
        );
        await command.ExecuteNonQueryAsync(Cancellation);

        await GatewaySetup.UntilAsync(
            () => gateways.All(gateway => gateway.Stages.StageOf("availability") == Stage.Lookup),
            "both follow"
        );
    }

    [Fact]
    public void Parse_AnyPartOfTheText_IsRefused()
    {
        var text = Kept(3).ToText();

        Assert.Equal(Kept(3).Routes, KeptStages.Parse(text).Routes);
        Gen.Int[0, text.Length - 1]
            .Sample(length => Assert.Throws<FormatException>(() => KeptStages.Parse(text[..length])));
    }

    [Theory]
    [InlineData("lookup", "loukup")]
    [InlineData("strangler-stages/1", "strangler-stages/2")]
    [InlineData("\"who\": \"Ada\"", "\"who\": null")]
    [InlineData("\"to\": \"shadow\"", "\"to\": \"shade\"")]
    [InlineData("\"version\": 5,", "")]
    [InlineData("\"route\": \"route1\"", "\"route\": \"route0\"")]
    public void Parse_OtherContent_IsRefused(string part, string other) =>
        Assert.Throws<FormatException>(() =>
            KeptStages.Parse(Kept(2).ToText().Replace(part, other, StringComparison.Ordinal))
        );

    private async Task<GatewaySetup> KeptAsync()
    {
        var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), start: false);
        setup.Answers.Put("7", """{"sku":7}""");
        await setup.StartGatewayAsync("legacy", ("Gateway:StagesFile", StagesFile));
        await setup.Admin.ForceStageAsync("availability", "lookup", "Ada", "It is right.", Cancellation);
        await GatewaySetup.UntilAsync(
            () => File.ReadAllText(StagesFile).Contains("\"lookup\"", StringComparison.Ordinal),
            "the stage is kept"
        );
        await setup.Gateway.DisposeAsync();
        return setup;
    }

    /// <summary>The same store, which lets nobody in.</summary>
    private Task<RunningGateway> StartWithoutStoreAsync(
        GatewaySetup setup,
        params (string Key, string? Value)[] settings
    ) =>
        setup.StartGatewayAsync(
            "legacy",
            [
                ("Gateway:StagesFile", StagesFile),
                ("Store:ConnectionString", setup.Store + ";Username=nobody_at_all"),
                .. settings,
            ]
        );

    private static KeptStages Kept(int count) =>
        new(
            KeptStages.CurrentFormat,
            "localhost:5432/store",
            DateTimeOffset.UnixEpoch,
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(i => new KeptRoute(
                        $"route{i}",
                        "lookup",
                        5,
                        DateTimeOffset.UnixEpoch,
                        "Ada",
                        "Why \"not\".",
                        null,
                        false,
                        i == 0 ? null : "Projection 1 2",
                        i == 1 ? new KeptPutBack(4, "shadow", "guard", "Respond hangs.", "wrong", true, "{}") : null
                    )),
            ]
        );
}
