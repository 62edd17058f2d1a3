namespace Strangler.Comparing.Verdicts;

/// <summary>What gets a verdict of its own.</summary>
internal abstract record Unit
{
    private Unit() { }

    /// <summary>The key under which evidence records it; null if it belongs to no single key.</summary>
    public abstract string? Key { get; }

    /// <summary>An answer that is not split.</summary>
    /// <param name="Single">Its only key; null if it is made of several.</param>
    public sealed record Whole(string? Single) : Unit
    {
        public override string? Key => Single;
    }

    /// <summary>The part of one key.</summary>
    public sealed record Part(string Of) : Unit
    {
        public override string Key => Of;
    }

    /// <summary>What remains of an answer without its parts.</summary>
    public sealed record Frame : Unit
    {
        public static readonly Frame Value = new();

        public override string? Key => null;
    }

    /// <summary>The units of an answer of legacy.</summary>
    /// <param name="distinct">The request's keys, each once.</param>
    public static IReadOnlyList<Unit> AllOf(SplitAnswer legacy, IReadOnlyList<string> distinct) =>
        legacy.Apart
            ? [.. distinct.Select(Unit (key) => new Part(key)), Frame.Value]
            : [new Whole(distinct.Count == 1 ? distinct[0] : null)];
}
