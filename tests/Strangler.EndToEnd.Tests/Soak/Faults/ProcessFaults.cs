using Strangler.EndToEnd.Tests.Harness;

namespace Strangler.EndToEnd.Tests.Soak.Faults;

/// <summary>Strangler's processes are killed or hang.</summary>
internal static class ProcessFaults
{
    private static readonly string[] Parts = ["bridge", "projections", "gateway"];

    public static IReadOnlyList<SoakFault> All { get; } =
    [
        Kill("bridge"),
        Kill("projections"),
        new("gateway killed", KillGatewayAsync) { Subjects = SoakSubjects.Up },
        End("up killed and started", up => up.KillAsync()),
        End("up ended and started", up => up.EndAsync()),
        Hang("bridge"),
        Hang("projections"),
    ];

    private static SoakFault Kill(string part) =>
        new(
            $"{part} killed",
            async (system, random, cancellationToken) =>
            {
                await Signals.SendAsync("KILL", [system.Up.ProcessId(part)], cancellationToken);
                await system.WrittenAsync(random.Next(40), cancellationToken);
            }
        )
        {
            Subjects = SoakSubjects.Up,
        };

    private static async Task KillGatewayAsync(SoakSystem system, Random random, CancellationToken cancellationToken)
    {
        var process = system.Up.ProcessId("gateway");
        system.FrontDoor.Close(system.Shop.Now);
        await Signals.SendAsync("KILL", [process], cancellationToken);
        await system.OpenedAsync(cancellationToken);
    }

    private static SoakFault End(string name, Func<UpProcess, Task> end) =>
        new(name, (system, _, cancellationToken) => StartAgainAsync(system, end, cancellationToken))
        {
            Subjects = SoakSubjects.Up,
        };

    private static async Task StartAgainAsync(
        SoakSystem system,
        Func<UpProcess, Task> end,
        CancellationToken cancellationToken
    )
    {
        var processes = Parts.Select(system.Up.ProcessId).ToList();
        system.FrontDoor.Close(system.Shop.Now);
        await end(system.Up);
        await Until.TrueAsync(
            () => Task.FromResult(!processes.Exists(process => Directory.Exists($"/proc/{process}"))),
            () => "A part outlived 'strangler up'.",
            cancellationToken
        );
        system.Up.Start();
        await system.OpenedAsync(cancellationToken);
    }

    private static SoakFault Hang(string part) =>
        new(
            $"{part} hangs",
            async (system, random, cancellationToken) =>
            {
                int[] process = [system.Up.ProcessId(part)];
                await Signals.SendAsync("STOP", process, cancellationToken);
                try
                {
                    await system.WrittenAsync(random.Next(20, 200), cancellationToken);
                }
                finally
                {
                    await Signals.SendAsync("CONT", process, CancellationToken.None); // otherwise nobody ends it
                }
            }
        )
        {
            Subjects = SoakSubjects.Up,
        };
}
