namespace Strangler.Evidence;

/// <summary>
/// How reasons are written in metrics, reports and the answer header, and which ones the lookup causes.
/// </summary>
internal static class CallGraphReasons
{
    private static readonly string[] Texts = [.. Enum.GetValues<CallGraphReason>().Select(EnumText.Of)];

    public static int Count => Texts.Length;

    public static string Text(this CallGraphReason reason) => Texts[(int)reason];

    /// <summary>
    /// Whether the lookup failed the request, so that the load guard protects the call graph. What the request itself
    /// causes was always for the call graph to answer.
    /// </summary>
    public static bool IsFallback(this CallGraphReason reason) => reason >= CallGraphReason.NotBuilt;
}
