using System.Globalization;
using System.Text;
using Strangler.Gateway.Comparing;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>What comparing large answers holds, by its own account and by the process's.</summary>
public sealed class ShadowMemoryTests(PostgresFixture postgres)
{
    private const int Rows = 9_000; // about 700 kB
    private const int ShadowBytes = 64 << 20;
    private const int Clients = 8;
    private const int Requests = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// A gateway is loaded without comparing and then with it; the difference of the peaks is comparing's. Garbage that has not been collected is in it, and what the fakes of this process hold, so that the margin is four times
    /// the bound.
    /// </summary>
    [Fact]
    [Trait("Category", "Long")]
    public async Task Compare_LargeAnswers_TakesNoMoreThanASmallMultipleOfTheBound()
    {
        var (legacy, document) = (Encoding.UTF8.GetBytes(Json(", ")), Encoding.UTF8.GetBytes(Json(",")));
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.Body.WriteAsync(legacy).AsTask();
        }), start: false);
        setup.Moments.Instead = async (question, cancellationToken) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, cancellationToken); // the watermark lags
            return FakeMoments.Of([.. question.Keys.Select(key => new KeyMoments(key, true, "1:0/8:0", [new KeyMoment("1:0/10:end", default, new Made.Document(document.ToArray()))], [], null, 0))]);
        };
        await setup.StartGatewayAsync("shadow", ("Gateway:Source", setup.Store), ("Gateway:ShadowBytes", ShadowBytes.ToString(CultureInfo.InvariantCulture)), ("ReverseProxy:Routes:availability:Strangler:Shadow:PerSecond", "10000"));
        await GatewaySetup.UntilAsync(() => setup.Gateway.Source.Kept() is not null, "the source is looked at");

        var without = await PeakAsync(setup, "/api/items/7/availability?undeclared=1");
        var with = await PeakAsync(setup, "/api/items/7/availability");
        await GatewaySetup.UntilAsync(() => setup.Gateway.Budget.Held == 0, "everything is given back");

        var compared = setup.Evidence.Comparisons.ToList();
        var verdicts = compared.SelectMany(comparison => comparison.Parts).GroupBy(part => part.Verdict.ToString()!.Split('{')[0].Trim()).Select(group => $"{group.Key} {group.Count()}");
        var said = string.Create(CultureInfo.InvariantCulture,
            $"without {without.Heap >> 20} MiB of heap, {without.WorkingSet >> 20} MiB of working set; with {with.Heap >> 20} and {with.WorkingSet >> 20}, {with.Held >> 20} MiB accounted; {string.Join(", ", verdicts)}; dropped {setup.Evidence.Dropped.Count(reason => reason == DropReason.Memory)}");
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        Assert.True(with.Held <= ShadowBytes, said);
        Assert.True(with.Heap - without.Heap <= 4L * ShadowBytes, said);
        Assert.True(with.WorkingSet - without.WorkingSet <= 4L * ShadowBytes, said);
        Assert.All(compared.Select(comparison => comparison.Parts[0].Verdict), verdict => Assert.True(verdict is Verdict.Match or Verdict.Undetermined { Reason: Doubt.NoMemory }, said));
        Assert.Contains(compared, comparison => comparison.Parts[0].Verdict is Verdict.Match);
    }

    private static async Task<(long Heap, long WorkingSet, long Held)> PeakAsync(GatewaySetup setup, string target)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        (long Heap, long WorkingSet, long Held) peak = default;
        using var done = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                peak = (Math.Max(peak.Heap, GC.GetTotalMemory(false)), Math.Max(peak.WorkingSet, Environment.WorkingSet), Math.Max(peak.Held, setup.Gateway.Budget.Held));
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
            }
        }, Cancellation);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (var i = 0; i < Requests; i++)
            {
                using var response = await setup.Client.GetAsync(target, HttpCompletionOption.ResponseHeadersRead, Cancellation);
                await response.Content.CopyToAsync(Stream.Null, Cancellation);
            }
        }));
        await done.CancelAsync();
        await watching;
        return peak;
    }

    /// <summary>Rows as a report has them; what parts the members is all that differs.</summary>
    private static string Json(string comma)
    {
        var text = new StringBuilder("""{"rows":[""");
        for (var row = 0; row < Rows; row++)
        {
            if (row > 0) text.Append(comma);
            text.Append(CultureInfo.InvariantCulture, $$"""{"sku":"10-{{row:000000}}","area":"north"{{comma}}"quantity":{{row % 97}},"price":"{{row % 89}}.50","lead":{{row % 7}}}""");
        }
        return text.Append("]}").ToString();
    }
}
