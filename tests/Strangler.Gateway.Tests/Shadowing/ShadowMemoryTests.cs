using System.Globalization;
using System.IO.Compression;
using System.Text;
using Strangler.ChangeLog;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>The memory of comparing large answers, by its own accounting and by the process's.</summary>
[Collection(nameof(Alone))]
public sealed class ShadowMemoryTests(PostgresFixture postgres)
{
    private const int Rows = 9_000; // about 700 kB
    private const int ShadowBytes = 64 << 20;
    private const int Clients = 8;
    private const int Requests = 60;

    /// <summary>
    /// How much more than is accounted for the process may hold: buffers of the requests in progress on both sides, and
    /// what the collector can't move.
    /// </summary>
    private const double Margin = 1.25;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// A gateway is loaded without comparisons and then with them; the difference of the peaks is due to comparisons.
    /// It includes garbage that hasn't been collected, and the memory of this process's fakes, so the margin is twice
    /// the bound. It is about half of the bound on the machine on which it was measured.
    /// </summary>
    [Fact]
    [Trait("Category", "Long")]
    public async Task Compare_LargeAnswers_TakesNoMoreThanASmallMultipleOfTheBound()
    {
        var (legacy, document) = (Encoding.UTF8.GetBytes(Json(", ")), Encoding.UTF8.GetBytes(Json(",")));
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.StartAsync(context =>
            {
                context.Response.ContentType = "application/json";
                return context.Response.Body.WriteAsync(legacy).AsTask();
            }),
            start: false
        );
        setup.Moments.Instead = async (question, cancellationToken) =>
        {
            // the watermark lags
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, cancellationToken);
            return FakeMoments.Of([.. question.Keys.Select(key => Quiet(key, document.ToArray()))]);
        };
        await setup.StartGatewayAsync(
            "shadow",
            ("Gateway:Source", setup.Store),
            ("Gateway:ShadowBytes", ShadowBytes.ToString(CultureInfo.InvariantCulture)),
            ("ReverseProxy:Routes:availability:Strangler:Shadow:PerSecond", "10000")
        );
        await GatewaySetup.UntilAsync(() => setup.Gateway.Source.Kept() is not null, "the source is looked at");

        var without = await PeakAsync(setup, "/api/items/7/availability?undeclared=1");
        var with = await PeakAsync(setup, "/api/items/7/availability");
        await GatewaySetup.UntilAsync(() => setup.Gateway.Budget.Held == 0, "everything is given back");

        var compared = setup.Evidence.Comparisons.ToList();
        var verdicts = compared
            .SelectMany(comparison => comparison.Parts)
            .GroupBy(part => part.Verdict.ToString()!.Split('{')[0].Trim())
            .Select(group => $"{group.Key} {group.Count()}");
        var said = string.Create(
            CultureInfo.InvariantCulture,
            $"without {without.Heap >> 20} MiB of heap, {without.WorkingSet >> 20} MiB of working set; with "
                + $"{with.Heap >> 20} and {with.WorkingSet >> 20}, {with.Held >> 20} MiB accounted; "
                + $"{string.Join(", ", verdicts)}; dropped "
                + $"{setup.Evidence.Dropped.Count(reason => reason == DropReason.Memory)}"
        );
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        Assert.True(with.Held <= ShadowBytes, said);
        Assert.True(with.Heap - without.Heap <= 2L * ShadowBytes, said);
        Assert.True(with.WorkingSet - without.WorkingSet <= 2L * ShadowBytes, said);
        Assert.All(
            compared.Select(comparison => comparison.Parts[0].Verdict),
            verdict => Assert.True(verdict is Verdict.Match, said)
        );
        Assert.NotEmpty(compared);
    }

    /// <summary>
    /// Comparisons are stopped where each holds the most: legacy is asked again, and doesn't answer. The process then
    /// holds what is accounted for, within the bound. When legacy continues, every comparison that began is decided:
    /// none was admitted that ran out of room in the end.
    /// </summary>
    [Theory]
    [InlineData("whole")]
    [InlineData("gzip")]
    [InlineData("parts")]
    public async Task Compare_LargeAnswersHeldAtOnce_AreAccountedWithinTheBoundAndDecided(string how)
    {
        var (again, barrier) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var legacy = Encoding.UTF8.GetBytes(Json(", "));
        if (how == "gzip")
            legacy = Compress(legacy);
        var document = Encoding.UTF8.GetBytes(Json(",", Rows - 1));
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.StartAsync(async context =>
            {
                var isFirst = context.Request.Path == "/api/items/1/availability";
                if (context.Request.Headers.ContainsKey("Strangler-Shadow") && !isFirst)
                {
                    Interlocked.Increment(ref again);
                    await barrier.Task.WaitAsync(context.RequestAborted);
                }
                context.Response.ContentType = "application/json";
                if (how == "gzip")
                    context.Response.Headers.ContentEncoding = "gzip";
                await context.Response.Body.WriteAsync(legacy, context.RequestAborted);
            }),
            start: false
        );
        setup.Moments.Instead = (question, _) =>
            Task.FromResult<BracketFound>(
                FakeMoments.Of([.. question.Keys.Select(key => Quiet(key, document.ToArray()))])
            );
        const string Route = "ReverseProxy:Routes:availability:Strangler:";
        await setup.StartGatewayAsync(
            "shadow",
            ("Gateway:Source", setup.Store),
            ("Gateway:ShadowBytes", ShadowBytes.ToString(CultureInfo.InvariantCulture)),
            (Route + "Shadow:PerSecond", "10000"),
            (Route + "Shadow:MaxConcurrent", "200"),
            (Route + "Shadow:AskAgain:PerSecond", "10000"),
            (Route + "Compare:Parts:Path", how == "parts" ? "$.rows[*]" : null),
            (Route + "Compare:Parts:By", how == "parts" ? "$.sku" : null)
        );
        await GatewaySetup.UntilAsync(() => setup.Gateway.Source.Kept() is not null, "the source is looked at");
        await AskAsync(setup, "/api/items/1/availability"); // the estimate learns from it
        await GatewaySetup.UntilAsync(
            () => setup.Evidence.Comparisons.Count == 1 && setup.Gateway.Budget.Held == 0,
            "the first one is compared"
        );
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await Task.WhenAll(
            Enumerable
                .Range(0, Clients)
                .Select(async client =>
                {
                    for (var i = 0; i < Requests / Clients; i++)
                    {
                        await AskAsync(setup, $"/api/items/{2 + client + (i * Clients)}/availability");
                    }
                })
        );
        var sent = Requests / Clients * Clients;
        await GatewaySetup.UntilAsync(
            () =>
                Volatile.Read(ref again) + setup.Evidence.Dropped.Count + setup.Evidence.Comparisons.Count - 1 == sent,
            "all are dropped or stopped"
        );
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        var accounted = setup.Gateway.Budget.Held;
        var stopped = Volatile.Read(ref again);
        barrier.SetResult();
        await GatewaySetup.UntilAsync(() => setup.Gateway.Budget.Held == 0, "everything is given back");

        var verdicts = setup.Evidence.Verdicts;
        var counts = verdicts
            .GroupBy(verdict => verdict.ToString()!.Split(' ')[0])
            .Select(group => $"{group.Key} {group.Count()}");
        var said = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {how}: {stopped} of {sent} stopped, {held >> 10} KiB held, {accounted >> 10} KiB accounted,
            at most {setup.Gateway.Budget.MaxHeld >> 10}; {string.Join(", ", counts)}
            """
        );
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        // Five fit; work that is under way when one comes may leave no room for it.
        Assert.True(stopped >= 3, said);
        Assert.True(setup.Gateway.Budget.MaxHeld <= ShadowBytes, said);
        Assert.True(held <= accounted * Margin, said);
        Assert.DoesNotContain(verdicts, verdict => verdict is Verdict.Undetermined { Reason: Doubt.NoMemory });
    }

    private static KeyMoments Quiet(string key, byte[] document)
    {
        var moment = new KeyMoment(Position.Parse("1:0/10:end"), default, new Made.Document(document));
        return new KeyMoments(key, true, Position.Parse("1:0/8:0"), [moment], [], null, 0);
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return compressed.ToArray();
    }

    private static async Task AskAsync(GatewaySetup setup, string target)
    {
        using var response = await setup.Client.GetAsync(
            target,
            HttpCompletionOption.ResponseHeadersRead,
            Cancellation
        );
        await response.Content.CopyToAsync(Stream.Null, Cancellation);
    }

    private static async Task<(long Heap, long WorkingSet, long Held)> PeakAsync(GatewaySetup setup, string target)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        (long Heap, long WorkingSet, long Held) peak = default;
        using var done = new CancellationTokenSource();
        var watching = Task.Run(
            async () =>
            {
                while (!done.IsCancellationRequested)
                {
                    peak = (
                        Math.Max(peak.Heap, GC.GetTotalMemory(false)),
                        Math.Max(peak.WorkingSet, Environment.WorkingSet),
                        Math.Max(peak.Held, setup.Gateway.Budget.Held)
                    );
                    await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
                }
            },
            Cancellation
        );
        await Task.WhenAll(
            Enumerable
                .Range(0, Clients)
                .Select(async _ =>
                {
                    for (var i = 0; i < Requests; i++)
                        await AskAsync(setup, target);
                })
        );
        await done.CancelAsync();
        await watching;
        return peak;
    }

    /// <summary>Rows as in a report. Only the separators between members differ.</summary>
    private static string Json(string comma, int rows = Rows)
    {
        var text = new StringBuilder("""{"rows":[""");
        for (var row = 0; row < rows; row++)
        {
            if (row > 0)
                text.Append(comma);
            text.Append(
                CultureInfo.InvariantCulture,
                $$"""{"sku":"10-{{row:000000}}","area":"north"{{comma}}"quantity":"""
                    + $$"""{{row % 97}},"price":"{{row % 89}}.50","lead":{{row % 7}}}"""
            );
        }
        return text.Append("]}").ToString();
    }
}
