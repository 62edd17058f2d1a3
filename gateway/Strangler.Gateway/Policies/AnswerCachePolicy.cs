using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.OutputCaching;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Http;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Stages;
using Yarp.ReverseProxy.Forwarder;
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
    /// <summary>A server doesn't always say that its answer depends on what its client accepts.</summary>
    private readonly string[] _varied =
    [
        .. model.VaryByHeader.Union(
            HeaderRules.Names.Where(name => !IsCondition(name)),
            StringComparer.OrdinalIgnoreCase
        ),
    ];

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var (request, features) = (context.HttpContext.Request, context.HttpContext.Features);
        var isKept =
            (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && request.Headers.Range.Count == 0
            && context.HttpContext.User.Identity?.IsAuthenticated != true
            && context.HttpContext.Connection.ClientCertificate is null
            && !request.Headers.Any(header => IsCredential(header.Key))
            // the key has neither of these
            && RequestReader.Overrides(request.Headers).Count == 0
            && features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true;
        context.EnableOutputCaching = true;
        context.AllowCacheLookup = isKept;
        context.AllowCacheStorage = isKept;
        // a caller who waits for another one's answer waits as long as that one reads
        context.AllowLocking = false;
        context.ResponseExpirationTimeSpan = model.Expiration;
        context.CacheVaryByRules.HeaderNames = _varied;
        // with its query; routing decodes the path and ignores its case, and legacy may do neither
        context.CacheVaryByRules.QueryKeys = "";
        context.CacheVaryByRules.VaryByValues["target"] = features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) =>
        ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        if (
            response.StatusCode != StatusCodes.Status200OK
            // the answer broke off, on either side
            || context.HttpContext.RequestAborted.IsCancellationRequested
            || context.HttpContext.Features.Get<IForwarderErrorFeature>() is not null
            || response.Headers.SetCookie.Count > 0
            || IsForbidden(response.Headers)
            || !response.Headers.GetCommaSeparatedValues("Vary").All(IsVaried)
        )
            context.AllowCacheStorage = false;
        return ValueTask.CompletedTask;
    }

    private bool IsForbidden(IHeaderDictionary headers) =>
        headers.CacheControl.Count > 0
        && (
            !CacheControl.TryParse(headers.CacheControl.ToString(), out var control)
            || control is { NoStore: true } or { NoCache: true } or { Private: true }
            || (control.SharedMaxAge ?? control.MaxAge) < model.Expiration
        );

    /// <summary>The tag or time that a client has says nothing of what another one gets.</summary>
    private static bool IsCondition(string header) => header.StartsWith("If-", StringComparison.Ordinal);

    private bool IsVaried(string header) => _varied.Contains(header, StringComparer.OrdinalIgnoreCase);

    private bool IsCredential(string header) =>
        CredentialHeaders.Find(header) is not null || header.Equals(keyHeader, StringComparison.OrdinalIgnoreCase);
}
