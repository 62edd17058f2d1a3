namespace Strangler.Gateway.Shadowing;

/// <summary>The bytes that comparisons may hold, for all routes together: copies of answers, what they are compared with, bodies of requests.</summary>
internal sealed class CopyBudget(long most)
{
    private long _held;

    public long Held => Interlocked.Read(ref _held);

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= most) return true;
        Give(bytes);
        return false;
    }

    public void Give(long bytes) => Interlocked.Add(ref _held, -bytes);
}
