using System.CommandLine;
using Strangler.Gateway.Admin;

namespace Strangler.Cli.Commands;

/// <summary><c>strangler get</c>: the document of a key.</summary>
internal static class GetCommand
{
    private static readonly Argument<string> Projection = new("PROJECTION") { Description = "The projection's name." };
    private static readonly Argument<string> Key = new("KEY") { Description = "The key, as a request names it." };

    public static Command Create()
    {
        var command = new Command(
            "get",
            "Shows the document of a key: its bytes on standard output, details on standard error."
        )
        {
            Projection,
            Key,
            CommonOptions.Config,
            CommonOptions.Admin,
        };
        command.SetAction(parsed =>
            CommandRun.OnceAsync(cancellationToken =>
                AdminAddress.WithClientAsync(
                    parsed,
                    async client =>
                        Show(
                            await client.DocumentAsync(
                                parsed.GetRequiredValue(Projection),
                                parsed.GetRequiredValue(Key),
                                cancellationToken
                            )
                        )
                )
            )
        );
        return command;
    }

    private static void Show(DocumentReport report)
    {
        Console.Error.WriteLine(Words(report));
        if (report.Document is { } document)
            Console.WriteLine(document);
    }

    private static string Words(DocumentReport report) =>
        string.Join(
            ' ',
            (
                (string?[])
                    [
                        $"{report.Projection} {report.Key}:",
                        report.Found == "miss" ? $"miss ({report.Reason})." : $"{report.Found}.",
                        report.Touched is { } touched ? $"Touched last by {touched}." : null,
                        report.RecomputeAt is { } due ? $"Holds until {due:u}." : null,
                        report.Watermark is { } mark
                            ? $"Watermark {mark.Position} of {mark.Source}, {mark.At:u}."
                            : "Nothing has been built.",
                    ]
            ).Where(word => word is not null)
        );
}
