namespace Strangler.Comparing.Verdicts;

/// <summary>Room for what judging takes. Without room it throws, and nothing is judged.</summary>
internal interface IMemoryBudget
{
    /// <summary>Takes room for what is held until the comparison ends.</summary>
    void Take(long bytes);

    /// <summary>Takes room for a moment's work; disposing gives it back.</summary>
    ValueTask<IDisposable> WorkAsync(long bytes);
}
