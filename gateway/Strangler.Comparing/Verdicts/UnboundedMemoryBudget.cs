namespace Strangler.Comparing.Verdicts;

/// <summary>Memory without a limit.</summary>
internal sealed class UnboundedMemoryBudget : IMemoryBudget, IDisposable
{
    public static readonly UnboundedMemoryBudget Value = new();

    public void Take(long bytes) { }

    public ValueTask<IDisposable> WorkAsync(long bytes) => new(this);

    public void Dispose() { }
}
