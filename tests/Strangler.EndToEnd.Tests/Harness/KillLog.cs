using System.Globalization;

namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>Arms named points of the code for one run of a part, and counts how often each has killed.</summary>
internal sealed class KillLog
{
    private readonly string _file = Path.GetTempFileName();

    /// <summary>The environment of a run that is killed when it passes <paramref name="point"/> for the n-th time.</summary>
    public IReadOnlyDictionary<string, string?> At(string point, int n) => new Dictionary<string, string?>
    {
        ["STRANGLER_FAILPOINT"] = string.Create(CultureInfo.InvariantCulture, $"{point}@{n}"),
        ["STRANGLER_FAILPOINT_LOG"] = _file,
    };

    public int Hits(string point) => File.ReadLines(_file).Count(line => line == point);
}
