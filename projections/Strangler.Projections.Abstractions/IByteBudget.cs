namespace Strangler.Projections;

/// <summary>Bytes that somebody may hold. Safe for any number of threads.</summary>
public interface IByteBudget
{
    /// <summary>Takes room for bytes before they are held. False: there is none, and none was taken.</summary>
    bool TryTake(long bytes);

    /// <summary>Gives it back.</summary>
    void Give(long bytes);
}
