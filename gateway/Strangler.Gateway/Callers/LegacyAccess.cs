using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Forwarding;
using Yarp.ReverseProxy.Model;

namespace Strangler.Gateway.Callers;

/// <summary>
/// Asks legacy whether a caller may see a route's answers, as nginx's <c>auth_request</c> and Envoy's external
/// authorization do. Its answer is kept for the same question, for as long as the route says, counted from when it was
/// asked.
/// </summary>
internal sealed partial class LegacyAccess(TimeProvider time, ILogger<LegacyAccess> logger) : IDisposable
{
    /// <summary>How many answers are kept. Beyond that, legacy is asked each time.</summary>
    private const int MaxKept = 100_000;

    /// <summary>After a question to which no answer came, no other of the route is asked for this long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = MaxKept });
    private readonly ConcurrentDictionary<string, long> _failed = new(StringComparer.OrdinalIgnoreCase);
    private int _turn;

    /// <param name="context">The request, whose endpoint is YARP's.</param>
    /// <param name="routeId">The route.</param>
    /// <param name="by">How it is asked.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    public async ValueTask<AccessAnswer> AskAsync(
        HttpContext context,
        string routeId,
        AuthorizeByModel by,
        CancellationToken cancellationToken
    )
    {
        // legacy can't be shown a certificate
        if (
            context.Connection.ClientCertificate is not null
            || AccessQuestion.Of(routeId, by, context) is not { } question
        )
            return AccessAnswer.Unknown;
        var identity = question.Identity();
        var now = time.GetTimestamp();
        if (
            _kept.TryGetValue(identity, out Kept? kept)
            && kept is not null
            && time.GetElapsedTime(kept.Asked, now) < by.For
        )
            return kept.Answer;
        if (_failed.TryGetValue(routeId, out var failed) && time.GetElapsedTime(failed, now) < Pause)
            return AccessAnswer.Unknown;
        var answer = await AskAsync(RouteMetadata.RouteOf(context), question, by.Timeout, cancellationToken);
        if (answer == AccessAnswer.Unknown)
            return answer;
        if (by.For > TimeSpan.Zero)
            _kept.Set(
                identity,
                new Kept(answer, now),
                new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = by.For }
            );
        return answer;
    }

    public void Dispose() => _kept.Dispose();

    private async Task<AccessAnswer> AskAsync(
        RouteModel route,
        AccessQuestion question,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        if (route.Cluster is not { } cluster || cluster.DestinationsState.AvailableDestinations is not [_, ..] places)
            return Failed(question, "the cluster has no available destination");
        var turn = (uint)Interlocked.Increment(ref _turn);
        var destination = places[(int)(turn % (uint)places.Count)].Model.Config;
        using var limit = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var message = MessageOf(question, destination.Address, destination.Host, cluster.Model.Config);
            using var response = await cluster
                .Model.HttpClient.SendAsync(message, linked.Token)
                .WaitAsync(linked.Token);
            if (_failed.TryRemove(question.RouteId, out _))
                AnswersAgain(question.RouteId);
            return (int)response.StatusCode switch
            {
                >= 200 and < 300 => AccessAnswer.Allowed,
                // a single caller may cause it, so it concerns no other
                >= 500 and var status => Unanswered(question, $"legacy says {status}"),
                _ => AccessAnswer.Refused,
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return Failed(question, $"legacy doesn't answer within {timeout}");
        }
        catch (Exception exception)
        {
            return Failed(question, exception.GetBaseException().Message);
        }
    }

    private static HttpRequestMessage MessageOf(
        AccessQuestion question,
        string address,
        string? host,
        Yarp.ReverseProxy.Configuration.ClusterConfig cluster
    )
    {
        // byte by byte as it was made: no step in it is taken
        var uri = new Uri(
            address.TrimEnd('/') + question.Target,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );
        var message = new HttpRequestMessage(HttpMethod.Get, uri)
        {
            Version = cluster.HttpRequest?.Version ?? HttpVersion.Version20,
            VersionPolicy = cluster.HttpRequest?.VersionPolicy ?? HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.Host = host;
        foreach (var (name, values) in question.Headers)
            message.Headers.TryAddWithoutValidation(
                name,
                name.Equals("Cookie", StringComparison.OrdinalIgnoreCase)
                    ? [string.Join("; ", values.AsEnumerable())]
                    : values.AsEnumerable()
            );
        return message;
    }

    /// <summary>Legacy gives no answer at all: the next callers don't wait for one.</summary>
    private AccessAnswer Failed(AccessQuestion question, string why)
    {
        _failed[question.RouteId] = time.GetTimestamp();
        return Unanswered(question, why);
    }

    private AccessAnswer Unanswered(AccessQuestion question, string why)
    {
        NotAnswered(question.RouteId, question.Target.Split('?')[0], why);
        return AccessAnswer.Unknown;
    }

    private sealed record Kept(AccessAnswer Answer, long Asked);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Legacy doesn't say who may see route '{RouteId}' ({Target}): {Why}. The call graph answers it."
    )]
    private partial void NotAnswered(string routeId, string target, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Legacy says again who may see route '{RouteId}'.")]
    private partial void AnswersAgain(string routeId);
}
