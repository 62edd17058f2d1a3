using Spectre.Console;

namespace Strangler.Cli;

/// <summary>
/// Standard output: with colours and frames on a terminal, where it is at most 80 columns wide; plain if redirected.
/// </summary>
internal static class Terminal
{
    private const int RedirectedWidth = 80;

    public static IAnsiConsole Create()
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(Console.Out),
                Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            }
        );
        if (Console.IsOutputRedirected)
            console.Profile.Width = RedirectedWidth;
        return console;
    }

    public static Table Table(IAnsiConsole console, params string[] columns)
    {
        var table = new Table().Border(console.Profile.Capabilities.Ansi ? TableBorder.Rounded : TableBorder.None);
        foreach (var column in columns)
            table.AddColumn(column);
        return table;
    }
}
