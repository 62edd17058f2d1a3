using Strangler.Demo.Postgres;
using Strangler.EndToEnd.Tests.Guide;
using Strangler.EndToEnd.Tests.Harness;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>The page that takes a reader to a first shadowed route, done as it says.</summary>
[Collection(nameof(Alone))]
public sealed class GettingStartedTests
{
    private const string Compare = "9. Compare";
    private const string Last = "What next";

    private static readonly IReadOnlyList<GuideStep> Steps = GuidePage.Steps(
        File.ReadAllText(Repository.Full("docs/getting-started.md"))
    );

    [Fact]
    public async Task Page_DoneUntilTheGatewayAnswers_ShowsWhatItSays()
    {
        await using var reader = Reader();

        foreach (var step in Steps.TakeWhile(step => step.Heading != Compare))
            await reader.DoAsync(step);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Page_DoneToItsEnd_ShowsWhatItSays()
    {
        await using var reader = Reader();

        foreach (var step in Steps.TakeWhile(step => step.Heading != Last))
            await reader.DoAsync(step);

        // "Put the line back, build, and restart: the evidence of the first version counts again."
        await reader.DoAsync(Steps.OfType<GuideStep.Write>().Single(step => step.File == "projections/BookDetails.cs"));
        await reader.DoAsync(
            Steps
                .OfType<GuideStep.Run>()
                .First(step => step.Script.StartsWith("dotnet build", StringComparison.Ordinal))
        );
        await reader.DoAsync(Steps.OfType<GuideStep.Type>().Last(step => step.Command == GuideReader.Up));

        // "Take the route to `lookup` … With the report above, `strangler promote book` does."
        await reader.DoAsync(
            new GuideStep.Type("strangler promote book", "Route 'book' is in stage 'lookup' now.")
            {
                Heading = Last,
                Line = 0,
            }
        );

        // "To leave nothing behind, end `strangler up` and the service."
        await reader.EndAsync(GuideReader.Up);
        await reader.EndAsync(GuideReader.Service);
        foreach (var step in Steps.Where(step => step.Heading == Last))
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
        return new(programs);
    }
}
