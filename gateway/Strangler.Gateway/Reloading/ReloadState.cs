using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Reloading;

/// <summary>Whether the configuration as it is now is the one in effect.</summary>
internal sealed class ReloadState
{
    private volatile IReadOnlyList<string> _sentences = [];

    /// <summary>Why it isn't, a sentence each. Empty if it is.</summary>
    public IReadOnlyList<string> Sentences => _sentences;

    /// <summary>Routes and clusters are in effect.</summary>
    /// <param name="late">Sections that changed and aren't.</param>
    public void Applied(IReadOnlyList<string> late) =>
        _sentences =
            late.Count == 0
                ? []
                : [$"The configuration's {List(late)} changed and takes effect when the gateway is started again."];

    /// <summary>The last good configuration stays in effect.</summary>
    public void Kept(IReadOnlyList<Fault> faults) =>
        _sentences = [
            .. faults.Select(fault => $"The changed configuration is not in effect, the last good one stays: {fault}"),
        ];

    private static string List(IReadOnlyList<string> sections) =>
        (sections.Count == 1 ? "section " : "sections ") + Configuration.Sentence.List(sections);
}
