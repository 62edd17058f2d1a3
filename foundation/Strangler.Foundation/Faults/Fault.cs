namespace Strangler.Foundation.Faults;

/// <summary>
/// Something that a person has to fix: where it is, what is wrong with it, and the way out. A fault is a sentence for
/// its reader, never a stack trace.
/// </summary>
/// <param name="Path">
/// Where: a configuration path (<c>ReverseProxy:Routes:availability:Strangler:Stage</c>), a table, a slot, an address.
/// </param>
/// <param name="Problem">What is wrong, with the actual value and the rule that it breaks.</param>
/// <param name="WayOut">What to do about it.</param>
public sealed record Fault(string Path, string Problem, string WayOut)
{
    /// <summary>Where. No address here or below shows a user or a password.</summary>
    public string Path { get; init; } = UserInfo.Hide(Path);

    /// <summary>What is wrong.</summary>
    public string Problem { get; init; } = UserInfo.Hide(Problem);

    /// <summary>What to do about it.</summary>
    public string WayOut { get; init; } = UserInfo.Hide(WayOut);

    /// <summary>One line: <c>path: problem way out</c>.</summary>
    public override string ToString() => $"{Path}: {Problem} {WayOut}";
}
