namespace Strangler.Projections;

/// <summary>A limit on bytes held in memory. Safe for any number of threads.</summary>
public interface IByteBudget
{
    /// <summary>Reserves bytes before they are held. False if too few are free; nothing is reserved then.</summary>
    bool TryTake(long bytes);

    /// <summary>Releases reserved bytes.</summary>
    void Give(long bytes);
}
