namespace Strangler.Demo.Show;

/// <summary>
/// The requests that one request caused in the legacy system, counted from those that its services answered.
/// </summary>
/// <param name="Calls">The number of requests, including the first.</param>
/// <param name="Depth">The number of requests on the longest chain.</param>
internal sealed record CallTree(int Calls, int Depth)
{
    public static readonly CallTree None = new(0, 0);

    public static CallTree Of(IReadOnlyList<Call> calls)
    {
        var byParent = calls.ToLookup(call => call.ParentSpanId ?? "");
        var known = calls.Select(call => call.SpanId).ToHashSet();
        var roots = calls.Where(call => call.ParentSpanId is null || !known.Contains(call.ParentSpanId)).ToList();
        return new(calls.Count, roots.Count == 0 ? 0 : roots.Max(root => DepthFrom(root, calls.Count)));

        // No chain is longer than the number of calls, so that a cycle in bad data also ends.
        int DepthFrom(Call call, int left) =>
            left == 0
                ? 0
                : 1 + byParent[call.SpanId].Select(child => DepthFrom(child, left - 1)).DefaultIfEmpty(0).Max();
    }
}
