using System.Text;
using System.Text.RegularExpressions;
using Strangler.Comparing.Json;

namespace Strangler.Comparing.Paths;

/// <summary>
/// The path from the root to the current place of a walk. Text is made of it only when something is found.
/// </summary>
internal sealed partial class PathTrail
{
    private const int MaxNameLength = 64;
    private readonly List<Step> _steps = [];

    public void PushName(string name) => _steps.Add(new Step(null, 0, name, 0, false, 0));

    /// <param name="tree">The tree that has the name.</param>
    /// <param name="node">The member.</param>
    /// <param name="isKey">Whether its object is a map.</param>
    public void PushMember(JsonTree tree, int node, bool isKey) => _steps.Add(new Step(tree, node, null, 0, isKey, 0));

    /// <param name="index">The index of the element.</param>
    /// <param name="identity">
    /// What distinguishes it from others if its index doesn't count; 0: the index counts.
    /// </param>
    public void PushElement(int index, ulong identity = 0) =>
        _steps.Add(new Step(null, 0, null, index, false, identity));

    public void Pop() => _steps.RemoveAt(_steps.Count - 1);

    public string Path()
    {
        var text = new StringBuilder("$");
        foreach (var step in _steps)
        {
            if (step.Name is { } name)
                PathText.AppendName(text, name, MaxNameLength);
            else
                PathText.AppendIndex(text, step.Index);
        }
        return text.ToString();
    }

    public string General()
    {
        var text = new StringBuilder("$");
        foreach (var step in _steps)
        {
            if (step.Name is not { } name)
                text.Append("[*]");
            else if (step.IsKey || Key().IsMatch(name))
                text.Append(".*");
            else
                PathText.AppendName(text, name, MaxNameLength);
        }
        return text.ToString();
    }

    /// <summary>Equal for the same place, whatever the index of an element whose index doesn't count.</summary>
    public ulong Hash()
    {
        var hash = HashMix.Spread((ulong)_steps.Count + 1);
        foreach (var step in _steps)
            hash = HashMix.Add(hash, step.Identity());
        return hash;
    }

    /// <summary>
    /// Names that are keys wherever they occur: integers, UUIDs, dates. Each name is judged alone, so that one fault
    /// never has two general paths.
    /// </summary>
    [GeneratedRegex(@"\A(?:[0-9]+|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2})\z")]
    private static partial Regex Key();

    private readonly record struct Step(JsonTree? Tree, int Node, string? Given, int Index, bool IsKey, ulong Of)
    {
        public string? Name => Given ?? (Tree is null ? null : JsonEscapes.Decode(Tree.Name(Node)));

        public ulong Identity() =>
            Tree is not null ? HashMix.Bytes(Tree.Name(Node))
            : Given is not null ? HashMix.Bytes(Encoding.UTF8.GetBytes(Given))
            : Of != 0 ? Of
            : HashMix.Spread((ulong)Index + 1);
    }
}
