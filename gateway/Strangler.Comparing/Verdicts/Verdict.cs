using Strangler.Comparing.Differences;

namespace Strangler.Comparing.Verdicts;

/// <summary>What a comparison found. Only <see cref="Wrong"/> blames the lookup.</summary>
internal abstract record Verdict
{
    private Verdict() { }

    /// <summary>Equal to one of the moments.</summary>
    /// <param name="Quiet">Whether the bracket had one moment.</param>
    /// <param name="Commits">Commits in the bracket that changed what the key reads.</param>
    public sealed record Match(bool Quiet, int Commits) : Verdict;

    /// <summary>
    /// Two consecutive answers of legacy differ from f at the same paths with the same values, and the bracket around
    /// both is quiet.
    /// </summary>
    /// <param name="Differences">At least one.</param>
    /// <param name="Cause">Whose fault it is.</param>
    public sealed record Wrong(IReadOnlyList<Difference> Differences, WrongCause Cause) : Verdict
    {
        /// <summary>
        /// For <see cref="WrongCause.Request"/>: what legacy understands, as a sentence. Null otherwise.
        /// </summary>
        public string? Form { get; init; }

        /// <summary>
        /// When the same request last matched with the same rows; null unless the cause is an undeclared dependency.
        /// </summary>
        public DateTimeOffset? MatchedAt { get; init; }
    }

    /// <summary>
    /// Equal to f over a mix of the row versions in the bracket: the call graph read at several moments.
    /// </summary>
    public sealed record Torn : Verdict
    {
        public static readonly Torn Value = new();
    }

    /// <summary>Legacy gave nothing to compare.</summary>
    public sealed record Incomparable(IncomparableReason Reason) : Verdict;

    /// <summary>Nothing can be said.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Detail">Details for a person; empty if there are none.</param>
    public sealed record Undetermined(Doubt Reason, string Detail) : Verdict;
}
