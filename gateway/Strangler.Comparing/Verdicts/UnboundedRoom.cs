namespace Strangler.Comparing.Verdicts;

/// <summary>Room without a bound.</summary>
internal sealed class UnboundedRoom : IRoom, IDisposable
{
    public static readonly UnboundedRoom Value = new();

    public void Take(long bytes) { }

    public ValueTask<IDisposable> WorkAsync(long bytes) => new(this);

    public void Dispose() { }
}
