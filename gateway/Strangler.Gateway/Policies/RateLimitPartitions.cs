using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Policies;

/// <summary>The limiter of a request. ASP.NET Core drops one that has been full again for a while.</summary>
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
            RateLimitScope.User or RateLimitScope.Address => $"a{NetworkOf(context.Connection.RemoteIpAddress)}",
            _ => "",
        };

    /// <summary>A client of IPv6 has a network of its own, of which the first 64 bits are given to it.</summary>
    private static IPAddress? NetworkOf(IPAddress? address)
    {
        if (address is null or { AddressFamily: AddressFamily.InterNetwork })
            return address;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        var network = address.GetAddressBytes();
        network.AsSpan(network.Length / 2).Clear();
        return new IPAddress(network);
    }

    /// <summary>Not every token has a name. Those with neither name nor subject share a limit.</summary>
    private static string? NameOf(HttpContext context) =>
        context.User.Identity?.Name ?? context.User.FindFirst("sub")?.Value;
}
