using System.Globalization;
using Strangler.EndToEnd.Tests.Harness;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>The soak's <c>strangler up</c>, its parts by name, and their output.</summary>
internal sealed class UpProcess(string configFile) : IAsyncDisposable
{
    private readonly RunningPart _up = new(
        "up",
        [.. RunningSystem.Strangler, "up", "--config", configFile, "--until-input-ends"]
    );

    public bool HasExited => _up.HasExited;

    /// <summary>How many lines have been written.</summary>
    public int Said => _up.Lines.Count;

    public void Start() => _up.Start();

    public Task KillAsync() => _up.KillAsync();

    public Task EndAsync() => _up.EndAsync();

    /// <summary>The lines after a count of lines.</summary>
    public IReadOnlyList<string> Lines(int behind) => [.. _up.Lines.Skip(behind)];

    /// <summary>The last ones of these, for a message.</summary>
    public string LastLines(int behind) => string.Join('\n', Lines(behind).TakeLast(40));

    /// <summary>The latest process of a part.</summary>
    public int ProcessId(string part)
    {
        var text = $"| The part '{part}' runs as process ";
        var line = _up.Lines.Last(line => line.Contains(text, StringComparison.Ordinal));
        var begin = line.IndexOf(text, StringComparison.Ordinal) + text.Length;
        return int.Parse(line[begin..^1], CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => _up.DisposeAsync();
}
