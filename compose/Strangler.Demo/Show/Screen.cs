using Spectre.Console;

namespace Strangler.Demo.Show;

/// <summary>The demo's output: a panel that updates in place on a terminal, a line per second elsewhere.</summary>
internal sealed class Screen(IAnsiConsole console)
{
    /// <summary>Shows states until <paramref name="next"/> returns null.</summary>
    public async Task ShowAsync(Func<Task<DemoState?>> next)
    {
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
        {
            var said = 0;
            while (await next() is { } state)
            {
                Say(DemoStateView.Line(state));
                foreach (var line in state.Guard.Skip(said))
                    Say(line);
                said = state.Guard.Count;
            }
            return;
        }
        await console
            .Live(new Text("Waiting for the first second …"))
            .StartAsync(async context =>
            {
                while (await next() is { } state)
                {
                    context.UpdateTarget(DemoStateView.Panel(state));
                    context.Refresh();
                }
            });
    }

    public void Say(string line) => console.Profile.Out.Writer.WriteLine(line);

    public void Table(Table table) => console.Write(table);
}
