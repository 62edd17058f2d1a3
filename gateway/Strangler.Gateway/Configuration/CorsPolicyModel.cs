namespace Strangler.Gateway.Configuration;

/// <summary>Which pages of other origins may call a route, and how.</summary>
/// <param name="Origins">Origins, or <c>*</c> for all.</param>
/// <param name="Methods">Methods, or <c>*</c> for all.</param>
/// <param name="Headers">Request headers, or <c>*</c> for all.</param>
/// <param name="ExposedHeaders">Response headers that a page may read.</param>
/// <param name="AllowsCredentials">Whether cookies and other credentials may come along.</param>
/// <param name="MaxAge">How long a browser may remember the answer. Null if the browser decides.</param>
internal sealed record CorsPolicyModel(
    IReadOnlyList<string> Origins,
    IReadOnlyList<string> Methods,
    IReadOnlyList<string> Headers,
    IReadOnlyList<string> ExposedHeaders,
    bool AllowsCredentials,
    TimeSpan? MaxAge
);
