using System.Globalization;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.EndToEnd.Tests.Soak.Faults;
using Xunit;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>
/// One running system, every fault that ever occurred caused in it, and every answer compared with f(rows).
/// </summary>
[Collection(nameof(Alone))]
public sealed class SoakTests
{
    /// <summary>How many seconds the long one takes, for trials.</summary>
    private const string Seconds = "STRANGLER_SOAK_SECONDS";

    /// <summary>Names of faults, or parts of names, for trials: no others are caused.</summary>
    private const string Only = "STRANGLER_SOAK_ONLY";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Soak_SomeFaults_NoAnswerIsWrong() => SoakAsync(SoakFaults.Some, TimeSpan.Zero);

    [Fact]
    [Trait("Category", "Long")]
    public Task Soak_EveryFaultAtRandom_NoAnswerIsWrong() => SoakAsync(SoakFaults.All, Duration());

    private static TimeSpan Duration()
    {
        var text = Environment.GetEnvironmentVariable(Seconds) is { Length: > 0 } given ? given : "1200";
        return TimeSpan.FromSeconds(int.Parse(text, CultureInfo.InvariantCulture));
    }

    private static IReadOnlyList<SoakFault> Chosen(IReadOnlyList<SoakFault> faults)
    {
        var only = (Environment.GetEnvironmentVariable(Only) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (only is [])
            return faults;
        return
        [
            .. SoakFaults.All.Where(fault => only.Any(part => fault.Name.Contains(part, StringComparison.Ordinal))),
        ];
    }

    private static async Task SoakAsync(IReadOnlyList<SoakFault> all, TimeSpan duration)
    {
        var faults = Chosen(all);
        var seed = Seeds.Next();
        await using var system = await SoakSystem.StartAsync(seed, Cancellation);
        await using var run = new SoakRun(system, seed);
        var record = run.Record;
        try
        {
            await run.RunAsync(faults, duration, Cancellation);
        }
        finally
        {
            await run.DisposeAsync(); // what has been answered is judged
            Console.WriteLine(record.Table());
        }

        Assert.True(record.WrongCount == 0, $"{record.WrongCount} answers or outcomes were not right: see the table.");
        Assert.True(run.MatchCount > 0, "Nothing was compared.");
        Assert.All(faults, fault => Assert.True(record.Times(fault.Name) > 0, $"'{fault.Name}' was never done."));
    }
}
