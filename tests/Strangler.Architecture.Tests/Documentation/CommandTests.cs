using System.Text.RegularExpressions;
using Xunit;

namespace Strangler.Architecture.Tests.Documentation;

public sealed partial class CommandTests
{
    /// <summary>Other programs' options that the documentation names without the program.</summary>
    private static readonly string[] OfOtherPrograms = ["--rm"];

    /// <summary>Options of these pages belong to the sample system.</summary>
    private static readonly string[] OfTheSample = ["compose/Strangler.Legacy/README.md"];

    public static TheoryData<string> Pages => [.. MarkdownFile.Paths];

    [Fact]
    public void All_Commands_HaveTheirOptions()
    {
        Assert.Contains("--force", StranglerCommands.All["promote"]);
        Assert.Contains("--resnapshot", StranglerCommands.All["bridge"]);
        Assert.Contains("--publication", StranglerCommands.All["bridge drop"]);
        Assert.DoesNotContain("--publication", StranglerCommands.All["bridge"]);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_CommandsAndOptions_AreThoseOfTheParser(string path) =>
        Assert.Empty(Unknown(MarkdownFile.Read(path)));

    [Theory]
    [InlineData("`strangler promot item`", "planted.md:1: strangler promot")]
    [InlineData("`strangler promote ROUTE --froce`", "planted.md:1: strangler promote --froce")]
    [InlineData("`rollback item --reason TEXT`", "planted.md:1: strangler rollback --reason")]
    [InlineData("`--fail-onn TERMS`", "planted.md:1: --fail-onn")]
    [InlineData("`Run 'strangler migrat'.`", "planted.md:1: strangler migrat")]
    [InlineData("```\n$ A_B=c ./strangler up --watch\n```", "planted.md:2: strangler up --watch")]
    [InlineData("\n    docker compose exec strangler strangler route", "planted.md:2: strangler route")]
    [InlineData("`strangler --helpp`", "planted.md:1: strangler --helpp")]
    [InlineData("`strangler bridge dorp`", "planted.md:1: strangler bridge dorp")]
    [InlineData("`strangler bridge drop --resnapshot`", "planted.md:1: strangler bridge drop --resnapshot")]
    [InlineData("`strangler bridge --publication`", "planted.md:1: strangler bridge --publication")]
    [InlineData("`./test --lnog`", "planted.md:1: ./test --lnog")]
    [InlineData("`./tset`", "planted.md:1: ./tset")]
    [InlineData("`bash compose/chekc`", "planted.md:1: compose/chekc")]
    [InlineData("`dotnet run --project tests/Nothing -- all`", "planted.md:1: tests/Nothing")]
    [InlineData("`dotnet run --project Nothing`", "planted.md:1: --project Nothing")]
    [InlineData("`bash traffic.sh`", "planted.md:1: bash traffic.sh")]
    [InlineData("`dotnet build tests/Nothing`", "planted.md:1: tests/Nothing")]
    [InlineData("`cd tests/Nothing/bin/Release`", "planted.md:1: tests/Nothing/bin/Release")]
    [InlineData("`docker compose -f compose.yml up`", "planted.md:1: docker compose -f compose.yml")]
    [InlineData("`docker compose --profile trafic up`", "planted.md:1: --profile trafic")]
    [InlineData("`docker compose exec stranglr sh`", "planted.md:1: exec stranglr")]
    [InlineData("`dotnet Strangler.Nothing.Tests.dll`", "planted.md:1: Strangler.Nothing.Tests.dll")]
    [InlineData("`dotnet x.dll -class A.Nothing`", "planted.md:1: -class A.Nothing")]
    [InlineData("`dotnet Strangler.Legacy.dll --seeed`", "planted.md:1: --seeed")]
    public void Unknown_PlantedOffender_IsFound(string text, string found) =>
        Assert.Equal([found], Unknown(new("planted.md", text)));

    [Theory]
    [InlineData("`strangler report ROUTE --json [FILE] --fail-on 'wrong'` and `strangler COMMAND --help`")]
    [InlineData("`create role strangler login` and `strangler.json` and `docker run --rm`")]
    [InlineData("strangler promot, outside of code")]
    [InlineData("\n    ./strangler demo --seconds 60    # --not an option\n    strangler migrate; exec strangler up")]
    [InlineData("`strangler bridge drop --yes --config strangler.json` and `strangler bridge --kafka FILE`")]
    [InlineData("`bridge drop --yes` and `strangler bridge, slot NAME`")]
    [InlineData("`./test --long` and `dotnet run --project tests/Strangler.Benchmarks -- all`")]
    [InlineData("`docker compose -f compose/compose.yaml --profile traffic exec strangler strangler routes`")]
    [InlineData("`dotnet Strangler.Legacy.dll --seed` and `bash compose/check`")]
    public void Unknown_PlantedInnocent_IsLeftAlone(string text) => Assert.Empty(Unknown(new("planted.md", text)));

    private static List<string> Unknown(MarkdownFile page) =>
        [
            .. from code in page.Code
            from unknown in StranglerCommands
                .Unknown(code.Text)
                .Concat(Bare(page.Path, code.Text))
                .Concat(RepositoryCommands.Unknown(page.Path, code.Text))
            select $"{page.Path}:{code.Line}: {unknown}",
        ];

    /// <summary>An option without a command is an option of some command.</summary>
    private static IEnumerable<string> Bare(string path, string code)
    {
        if (OfTheSample.Contains(path) || BareOption().Match(code) is not { Success: true } found)
            return [];
        var option = found.Value;
        var isOurs = StranglerCommands.All.Values.Any(options => options.Contains(option));
        return isOurs || OfOtherPrograms.Contains(option) ? [] : [option];
    }

    [GeneratedRegex("^--[a-z][a-z-]*")]
    private static partial Regex BareOption();
}
