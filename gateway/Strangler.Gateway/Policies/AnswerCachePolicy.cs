using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.OutputCaching;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Http;
using CacheControl = Microsoft.Net.Http.Headers.CacheControlHeaderValue;

namespace Strangler.Gateway.Policies;

/// <summary>
/// Keeps an answer only where another request would get the same one from legacy: the target is the same to the letter,
/// nothing says who asks, and legacy neither forbids keeping it nor makes it depend on a header that the policy doesn't
/// name.
/// </summary>
/// <param name="model">The policy.</param>
/// <param name="keyHeader">The header with the caller's key. Null if the gateway knows no keys.</param>
internal sealed class AnswerCachePolicy(OutputCachePolicyModel model, string? keyHeader) : IOutputCachePolicy
{
    /// <summary>A server that compresses doesn't always say that its answer depends on this one.</summary>
    private readonly string[] _varied = [.. model.VaryByHeader, "Accept-Encoding"];

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var request = context.HttpContext.Request;
        var isKept =
            (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && request.Headers.Range.Count == 0
            && context.HttpContext.User.Identity?.IsAuthenticated != true
            && !request.Headers.Any(header => IsCredential(header.Key));
        context.EnableOutputCaching = true;
        context.AllowCacheLookup = isKept;
        context.AllowCacheStorage = isKept;
        context.AllowLocking = true;
        context.ResponseExpirationTimeSpan = model.Expiration;
        context.CacheVaryByRules.QueryKeys = "*";
        context.CacheVaryByRules.HeaderNames = _varied;
        // routing decodes the path and ignores its case, and legacy may do neither
        context.CacheVaryByRules.VaryByValues["target"] = context
            .HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>()
            .RawTarget;
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) =>
        ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        if (
            response.StatusCode != StatusCodes.Status200OK
            || response.Headers.SetCookie.Count > 0
            || IsForbidden(response.Headers)
            || !response.Headers.GetCommaSeparatedValues("Vary").All(IsVaried)
        )
            context.AllowCacheStorage = false;
        return ValueTask.CompletedTask;
    }

    private static bool IsForbidden(IHeaderDictionary headers) =>
        headers.CacheControl.Count > 0
        && (
            !CacheControl.TryParse(headers.CacheControl.ToString(), out var control)
            || control is { NoStore: true } or { NoCache: true } or { Private: true }
        );

    private bool IsVaried(string header) => _varied.Contains(header, StringComparer.OrdinalIgnoreCase);

    private bool IsCredential(string header) =>
        CredentialHeaders.Find(header) is not null || header.Equals(keyHeader, StringComparison.OrdinalIgnoreCase);
}
