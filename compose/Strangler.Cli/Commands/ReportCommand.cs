using System.CommandLine;
using System.CommandLine.Parsing;
using Strangler.Evidence.Rendering;
using Strangler.Evidence.Rendering.Html;
using Strangler.Evidence.Reports;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;

namespace Strangler.Cli.Commands;

/// <summary><c>strangler report</c>: comparison results, for people and for pipelines.</summary>
internal static class ReportCommand
{
    private const string Standard = "-";

    private static readonly Argument<string?> Route = new("ROUTE")
    {
        Description = "The route's id; without it all routes that have a projection.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<string?> Json = new("--json")
    {
        Description = "Write JSON to a file, or instead of the text.",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<string?> JUnit = new("--junit")
    {
        Description = "Write JUnit XML to a file: a testsuite per route.",
        HelpName = "FILE",
    };
    private static readonly Option<string?> Html = new("--html")
    {
        Description = "Write one self-contained page to a file.",
        HelpName = "FILE",
    };
    private static readonly Option<bool> Schema = new("--schema")
    {
        Description = "Print the JSON's schema, and nothing else.",
    };
    private static readonly Option<string?> FailOnOption = new("--fail-on")
    {
        Description =
            $"Exit with {ExitCode.ReportSaysNo} where one of these holds, such as 'wrong,undetermined>5%,not-ready'.",
        HelpName = "TERMS",
    };

    public static Command Create()
    {
        var command = new Command("report", "Shows how the lookup compares with the call graph.")
        {
            Route,
            Json,
            JUnit,
            Html,
            Schema,
            FailOnOption,
            CommonOptions.Config,
            CommonOptions.Admin,
        };
        FailOnOption.Validators.Add(Check);
        command.SetAction(parsed => CommandRun.OnceAsync(cancellationToken => RunAsync(parsed, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Schema))
        {
            Console.Out.Write(ReportJson.Schema());
            return ExitCode.Success;
        }
        var no = false;
        await AdminAddress.WithClientAsync(
            parsed,
            async client =>
            {
                var report = await ReadAsync(client, parsed.GetValue(Route), cancellationToken);
                if (
                    parsed.GetValue(Route) is null
                    && parsed.GetValue(Json) is { } file
                    && report.Routes.Any(route => route.Route == file)
                )
                    throw new FaultException(
                        new Fault(
                            "--json",
                            $"'{file}' is a route, but would be used as the name of a file.",
                            $"Write 'report {file} --json', or '--json ./{file}'."
                        )
                    );
                Write(parsed, report);
                if (parsed.GetValue(FailOnOption) is not { } text || !FailOnTerms.TryParse(text, out var failOn, out _))
                    return;
                var broken = failOn.Broken(report);
                no = broken.Count > 0;
                foreach (var sentence in broken)
                    await Console.Error.WriteLineAsync(FaultLines.Prefix + sentence);
            }
        );
        return no ? ExitCode.ReportSaysNo : ExitCode.Success;
    }

    private static Task<ReportFile> ReadAsync(AdminClient client, string? route, CancellationToken cancellationToken) =>
        route is null ? client.ReportAsync(cancellationToken) : client.ReportAsync(route, cancellationToken);

    private static void Write(ParseResult parsed, ReportFile report)
    {
        var json = parsed.GetResult(Json) is null ? null : parsed.GetValue(Json) ?? Standard;
        if (json == Standard)
            Console.Out.WriteLine(ReportJson.Write(report));
        else
            Console.Out.Write(TextReport.Write(report));
        if (json is not null and not Standard)
            ToFile("--json", json, writer => writer.WriteLine(ReportJson.Write(report)));
        if (parsed.GetValue(JUnit) is { } junit)
            ToFile("--junit", junit, writer => writer.Write(JUnitReport.Write(report)));
        if (parsed.GetValue(Html) is { } html)
            ToFile("--html", html, writer => HtmlReport.Write(writer, report));
    }

    private static void ToFile(string option, string file, Action<TextWriter> write)
    {
        try
        {
            using var writer = new StreamWriter(file);
            write(writer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(
                new Fault(
                    option,
                    $"'{Path.GetFullPath(file)}' cannot be written: {exception.Message}",
                    "Name a file in a folder that exists and may be written to."
                ),
                exception
            );
        }
    }

    private static void Check(OptionResult result)
    {
        if (result.Tokens is [var token] && !FailOnTerms.TryParse(token.Value, out _, out var problem))
            result.AddError(problem);
    }
}
