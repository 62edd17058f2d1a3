using System.Globalization;
using Strangler.Demo.Processes;

namespace Strangler.Benchmarks.Measuring;

/// <summary>
/// Pins the parts to processors with <c>taskset</c>: the legacy system and its clients to one half, Strangler and its
/// store to the other one, as if on separate machines. Processes started later inherit the placement.
/// </summary>
internal static class Placement
{
    private static readonly HashSet<string> Theirs = new(StringComparer.Ordinal)
    {
        MachineParts.Load,
        MachineParts.Services,
        MachineParts.Database,
    };

    public static async Task ApartAsync(CancellationToken cancellationToken)
    {
        var (half, all) = (Environment.ProcessorCount / 2, Environment.ProcessorCount);
        await PutAsync(part => Theirs.Contains(part) ? Range(0, half) : Range(half, all), cancellationToken);
    }

    /// <summary>Allows all of them on all processors.</summary>
    public static Task TogetherAsync(CancellationToken cancellationToken) =>
        PutAsync(_ => Range(0, Environment.ProcessorCount), cancellationToken);

    private static string Range(int from, int end) => string.Create(CultureInfo.InvariantCulture, $"{from}-{end - 1}");

    private static async Task PutAsync(Func<string, string> where, CancellationToken cancellationToken)
    {
        foreach (var process in MachineParts.Now().Where(process => process.Part != MachineParts.Rest))
        {
            var (code, output) = await ProgramRun.Async(
                ["taskset", "-a", "-c", "-p", where(process.Part), process.Id.ToString(CultureInfo.InvariantCulture)],
                cancellationToken
            );
            if (code != 0 && Directory.Exists($"/proc/{process.Id}"))
                throw new InvalidOperationException(
                    $"A process of {process.Part} cannot be put on processors {where(process.Part)}: {output}"
                );
        }
    }
}
