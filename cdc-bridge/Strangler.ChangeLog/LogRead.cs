using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog;

/// <summary>What the log says of a place that is asked for.</summary>
public abstract record LogRead<T>
{
    private LogRead() { }

    /// <summary>It holds what was asked for.</summary>
    public sealed record Found(T Value) : LogRead<T>;

    /// <summary>
    /// It begins behind what was asked for, or ends before it: retention has dropped that, or it never was there.
    /// </summary>
    /// <param name="Fault">The same for a person, where nothing else helps.</param>
    public sealed record Dropped(Fault Fault) : LogRead<T>;

    /// <exception cref="FaultException">It has been dropped.</exception>
    public T OrThrow() => this is Found(var value) ? value : throw new FaultException(((Dropped)this).Fault);

    public static implicit operator LogRead<T>(T value) => new Found(value);

    public static implicit operator LogRead<T>(Fault fault) => new Dropped(fault);
}
