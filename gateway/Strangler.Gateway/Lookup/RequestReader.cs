using System.Buffers;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Strangler.Gateway.Stages;

namespace Strangler.Gateway.Lookup;

/// <summary>Reads what a decision needs from a request, without consuming anything.</summary>
internal static class RequestReader
{
    private static readonly string[] OverrideHeaders = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"];

    /// <summary>The values of the route's template, decoded.</summary>
    public static Dictionary<string, string> RouteValues(HttpRequest request)
    {
        var values = new Dictionary<string, string>(request.RouteValues.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in request.RouteValues)
        {
            if (value is string text)
                values[name] = text;
        }
        return values;
    }

    /// <summary>Everything except the body.</summary>
    public static RequestFacts Head(HttpContext context)
    {
        var request = context.Request;
        var query = new List<KeyValuePair<string, string>>();
        foreach (var parameter in new QueryStringEnumerable(request.QueryString.Value))
        {
            query.Add(new(parameter.DecodeName().ToString(), parameter.DecodeValue().ToString()));
        }
        var hasBody =
            context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? request.ContentLength is > 0;
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        return new RequestFacts(
            request.Method,
            Overrides(request.Headers),
            target,
            RouteValues(request),
            query,
            hasBody ? BodyFacts.Unread.Value : BodyFacts.None.Value
        )
        {
            IsUpgrade = IsUpgrade(context),
            Headers = request.Headers,
            Claims = Claims(context.User),
            HasCertificate = context.Connection.ClientCertificate is not null,
        };
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Claims(ClaimsPrincipal user) =>
        user.Identity is { IsAuthenticated: true }
            ? [.. user.Claims.Select(claim => new KeyValuePair<string, string>(claim.Type, claim.Value))]
            : [];

    /// <summary>
    /// HTTP/1.1's Upgrade (RFC 9110, 7.8), whether or not Kestrel would accept it, HTTP/2's extended CONNECT (RFC
    /// 8441), and CONNECT itself.
    /// </summary>
    private static bool IsUpgrade(HttpContext context) =>
        context.Request.Headers.Upgrade.Count > 0
        || HttpMethods.IsConnect(context.Request.Method)
        || context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    /// <summary>
    /// Looks at the body without consuming it: the server's pipe keeps every byte that was looked at, so the next
    /// reader begins at the first one. At most <paramref name="max"/> bytes are held; the rest of a larger body isn't
    /// read.
    /// </summary>
    public static async ValueTask<BodyFacts> BodyAsync(
        HttpContext context,
        int max,
        CancellationToken cancellationToken
    )
    {
        if (!IsJson(context.Request))
            return BodyFacts.NotJson.Value;
        if (context.Request.ContentLength > max)
            return BodyFacts.TooLarge.Value;
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > max || read.IsCompleted)
            {
                var facts = read.Buffer.Length > max ? BodyFacts.TooLarge.Value : Parse(read.Buffer);
                // nothing is marked as examined either, so that the next read returns at once
                reader.AdvanceTo(read.Buffer.Start);
                return facts;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Values of the headers that ask a server to treat a request as another method.</summary>
    public static List<string> Overrides(IHeaderDictionary headers)
    {
        List<string> found = [];
        foreach (var name in OverrideHeaders)
        {
            foreach (var value in headers[name])
                found.Add(value ?? "");
        }
        return found;
    }

    /// <summary>RFC 8259, 8.1: JSON between systems is UTF-8.</summary>
    private static bool IsJson(HttpRequest request)
    {
        if (
            request.Headers.ContentEncoding.Count > 0
            || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        )
            return false;
        return (
                type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)
            )
            && (
                !type.Charset.HasValue
                || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            );
    }

    private static BodyFacts Parse(ReadOnlySequence<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes.ToArray());
            var root = JsonElement.ParseValue(ref reader); // owns its bytes, so Respond may keep it
            return reader.Read() ? BodyFacts.NotJson.Value : new BodyFacts.Json(root);
        }
        catch (JsonException) // nothing, half a value, or something after it
        {
            return BodyFacts.NotJson.Value;
        }
    }
}
