#pragma warning disable CA1812, CA1822, CA5394, IDE0060 // they are here to be found, not to be used

namespace Strangler.Architecture.Tests.Offenders;

internal sealed class Clock
{
    public TimeProvider? Time { get; init; }
}

internal sealed class Dice
{
    public int Throw(int seed) => new Random(seed).Next(6);
}

internal sealed class Reader
{
    public string Read(string path) => File.ReadAllText(path);
}

internal sealed class Waiter
{
    public async Task WaitAsync(TimeSpan time, CancellationToken cancellationToken) =>
        await Task.Delay(time, null!, cancellationToken);
}

internal sealed class Caller
{
    public object? Call() => typeof(HttpClient);
}

internal sealed class Store
{
    public void Say(IReadOnlyList<Npgsql.NpgsqlConnection> connections) { }
}

internal sealed class Lambda
{
    public Func<string> Id => () => $"{Guid.NewGuid()}";
}

[AttributeUsage(AttributeTargets.All)]
internal sealed class MarkAttribute : Attribute;

internal interface IBound;

[Mark]
internal sealed class MarkedType;

internal sealed class MarkedMembers
{
    [Mark]
    private readonly int _field = 1;

    [Mark]
    public int Property => _field;

    [Mark]
    public int Method() => _field;

    public int Parameter([Mark] int value) => value + _field;
}

internal sealed class BoundType<T>
    where T : IBound;

internal sealed class BoundMethod
{
    public void Take<T>(T value)
        where T : IBound { }
}

/// <summary>Names that look like forbidden ones, and uses of types whose other members are.</summary>
internal sealed class Innocent
{
    public string Read(FileNotFoundException exception, DateTimeOffset now, Guid id) =>
        exception.FileName
        + now.UtcDateTime.AddDays(1)
        + Guid.Empty
        + id
        + Task.CompletedTask.IsCompleted
        + Environment.NewLine
        + "System.Random";
}
