namespace Strangler.Demo.Show;

/// <summary>
/// What one request set going in the legacy system, counted from the requests that its services answered.
/// </summary>
/// <param name="Calls">Requests in it, the first included.</param>
/// <param name="Depth">Requests on its longest chain.</param>
internal sealed record CallTree(int Calls, int Depth)
{
    public static readonly CallTree None = new(0, 0);

    public static CallTree Of(IReadOnlyList<Call> calls)
    {
        var byParent = calls.ToLookup(call => call.ParentSpanId ?? "");
        var known = calls.Select(call => call.SpanId).ToHashSet();
        var roots = calls.Where(call => call.ParentSpanId is null || !known.Contains(call.ParentSpanId)).ToList();
        return new(calls.Count, roots.Count == 0 ? 0 : roots.Max(root => DepthFrom(root, calls.Count)));

        // No chain is longer than there are calls, so that a circle in bad data ends too.
        int DepthFrom(Call call, int left) =>
            left == 0
                ? 0
                : 1 + byParent[call.SpanId].Select(child => DepthFrom(child, left - 1)).DefaultIfEmpty(0).Max();
    }
}

/// <summary>A request that a legacy service answered.</summary>
internal sealed record Call(string SpanId, string? ParentSpanId, string Service);
