using Strangler.Demo.Postgres;
using Strangler.EndToEnd.Tests.Guide;
using Strangler.EndToEnd.Tests.Harness;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>The page that leads to a first shadowed route, followed step by step.</summary>
[Collection(nameof(Alone))]
public sealed class GettingStartedTests
{
    private const string Compare = "9. Compare";
    private const string Last = "What next";

    private readonly IReadOnlyList<GuideStep> _steps = GuidePage.Steps(
        File.ReadAllText(Repository.Full("docs/getting-started.md"))
    );

    [Fact]
    public async Task Page_DoneUntilTheGatewayAnswers_ShowsWhatItSays()
    {
        await using var reader = Reader();

        foreach (var step in _steps.TakeWhile(step => step.Place.Heading != Compare))
            await reader.DoAsync(step);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Page_DoneToItsEnd_ShowsWhatItSays()
    {
        await using var reader = Reader();

        foreach (var step in _steps.TakeWhile(step => step.Place.Heading != Last))
            await reader.DoAsync(step);

        // "Put the line back, build, and restart: the evidence of the first version counts again."
        await reader.DoAsync(
            _steps.OfType<GuideStep.Write>().Single(step => step.File == "projections/BookDetails.cs")
        );
        await reader.DoAsync(
            _steps
                .OfType<GuideStep.Run>()
                .First(step => step.Script.StartsWith("dotnet build", StringComparison.Ordinal))
        );
        var up = _steps.OfType<GuideStep.Type>().Last(step => step.Command == GuideReader.Up);
        await reader.DoAsync(up with { Output = up.Output.Split('\n')[^1] });

        // "Take the route to `lookup` … With the report above, `strangler promote book` does."
        await reader.DoAsync(
            new GuideStep.Type(new(Last, 0), "strangler promote book", "Route 'book' is in stage 'lookup' now.")
        );

        // "To leave nothing behind, end `strangler up` and the service."
        await reader.EndAsync(GuideReader.Up);
        await reader.EndAsync(GuideReader.Service);
        foreach (var step in _steps.Where(step => step.Place.Heading == Last))
            await reader.DoAsync(step);
    }

    private static GuideReader Reader()
    {
        if (PostgresPrograms.Find() is not { } programs)
        {
            Assert.Skip(
                "PostgreSQL's server programs are not on this machine: install Debian's 'postgresql' package, or "
                    + "name their folder in STRANGLER_POSTGRES."
            );
            return null!;
        }
        var folders = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "curl"))))
            Assert.Skip("The page asks by 'curl', which is not on this machine: install it.");
        return new(programs);
    }
}
