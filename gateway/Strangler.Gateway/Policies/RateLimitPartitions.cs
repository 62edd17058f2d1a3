using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Policies;

/// <summary>The limiter of a request. ASP.NET Core drops one that hasn't been used for a while.</summary>
internal static class RateLimitPartitions
{
    public static RateLimitPartition<string> Of(RateLimitModel model, HttpContext context)
    {
        var key = KeyOf(model.Scope, context);
        return model switch
        {
            RateLimitModel.FixedWindow limit => RateLimitPartition.GetFixedWindowLimiter(
                key,
                _ =>
                    new()
                    {
                        PermitLimit = limit.Permits,
                        Window = limit.Window,
                        QueueLimit = limit.Queue,
                    }
            ),
            RateLimitModel.SlidingWindow limit => RateLimitPartition.GetSlidingWindowLimiter(
                key,
                _ =>
                    new()
                    {
                        PermitLimit = limit.Permits,
                        Window = limit.Window,
                        SegmentsPerWindow = limit.Segments,
                        QueueLimit = limit.Queue,
                    }
            ),
            RateLimitModel.TokenBucket limit => RateLimitPartition.GetTokenBucketLimiter(
                key,
                _ =>
                    new()
                    {
                        TokenLimit = limit.Tokens,
                        TokensPerPeriod = limit.TokensPerPeriod,
                        ReplenishmentPeriod = limit.Period,
                        QueueLimit = limit.Queue,
                    }
            ),
            RateLimitModel.Concurrency limit => RateLimitPartition.GetConcurrencyLimiter(
                key,
                _ => new() { PermitLimit = limit.Permits, QueueLimit = limit.Queue }
            ),
            _ => throw new InvalidOperationException("A limit has four kinds."),
        };
    }

    /// <summary>The first letter keeps a caller's name from being taken for an address.</summary>
    private static string KeyOf(RateLimitScope scope, HttpContext context) =>
        scope switch
        {
            RateLimitScope.User when context.User.Identity is { IsAuthenticated: true } caller =>
                $"u{caller.AuthenticationType}/{NameOf(context)}",
            RateLimitScope.User or RateLimitScope.Address => $"a{context.Connection.RemoteIpAddress}",
            _ => "",
        };

    /// <summary>Not every token has a name; each has a subject.</summary>
    private static string? NameOf(HttpContext context) =>
        context.User.Identity?.Name ?? context.User.FindFirst("sub")?.Value;
}
