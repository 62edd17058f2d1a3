using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Http;
using Strangler.Gateway.Lookup;

namespace Strangler.Gateway.Callers;

/// <summary>
/// All that legacy learns when it is asked about a caller. Two questions are the same only if nothing of it differs, so
/// that no caller gets another one's answer.
/// </summary>
/// <param name="RouteId">The route.</param>
/// <param name="Target">What is asked for.</param>
/// <param name="Headers">What is sent with it, by name.</param>
internal sealed record AccessQuestion(
    string RouteId,
    string Target,
    IReadOnlyList<(string Name, StringValues Values)> Headers
)
{
    /// <summary>
    /// Addresses as YARP tells them by default, everything that identifies the caller, and what the route names. Null
    /// if the request lacks a value of the target.
    /// </summary>
    public static AccessQuestion? Of(string routeId, AuthorizeByModel by, HttpContext context)
    {
        if (by.Target.Fill(RequestReader.RouteValues(context.Request)) is not { } target)
            return null;
        var sent = new SortedDictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase)
        {
            ["X-Forwarded-For"] = context.Connection.RemoteIpAddress?.ToString(),
            ["X-Forwarded-Host"] = context.Request.Host.Value,
            ["X-Forwarded-Proto"] = context.Request.Scheme,
        };
        foreach (var (name, value) in context.Request.Headers)
        {
            if (
                value.Count > 0
                && (
                    CredentialHeaders.Find(name) is not null
                    || by.Headers.Contains(name, StringComparer.OrdinalIgnoreCase)
                )
            )
                sent[name] = value;
        }
        return new(routeId, target, [.. sent.Select(header => (header.Key, header.Value))]);
    }

    /// <summary>Identifies the question, and keeps nothing of its secrets.</summary>
    public string Identity()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(RouteId);
        Add(Target);
        foreach (var (name, values) in Headers)
        {
            Add(name.ToUpperInvariant());
            Add(values.Count.ToString(CultureInfo.InvariantCulture));
            foreach (var value in values)
                Add(value ?? "");
        }
        return Convert.ToBase64String(hash.GetHashAndReset());

        void Add(string text)
        {
            // its length before it: no two lists of texts have the same bytes
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            hash.AppendData(length);
            hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
        }
    }
}
