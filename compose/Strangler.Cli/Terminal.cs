using Spectre.Console;

namespace Strangler.Cli;

/// <summary>
/// Standard output: with colours and frames on a terminal, plain where it is redirected, never wider than 80 columns
/// there.
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
