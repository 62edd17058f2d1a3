namespace Strangler.Comparing.Verdicts;

/// <summary>Memory for judging. If none is left it throws, and nothing is judged.</summary>
internal interface IMemoryBudget
{
    /// <summary>Takes memory that is held until the comparison ends.</summary>
    void Take(long bytes);

    /// <summary>Takes memory for a short operation; disposing returns it.</summary>
    ValueTask<IDisposable> WorkAsync(long bytes);
}
