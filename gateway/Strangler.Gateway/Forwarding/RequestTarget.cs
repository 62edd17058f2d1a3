namespace Strangler.Gateway.Forwarding;

/// <summary>A request's target as its client wrote it, in origin form (RFC 9112, 3.2.1), not decoded.</summary>
/// <param name="Path">Starts at the first slash.</param>
/// <param name="Query">With its question mark. Empty if there is none.</param>
/// <param name="IsAbsolute">Whether the client wrote it in absolute form.</param>
internal sealed record RequestTarget(string Path, string Query, bool IsAbsolute)
{
    /// <summary>
    /// Null if it has no origin form, such as <c>*</c> and <c>host:port</c>, or servers disagree on where its path
    /// begins.
    /// </summary>
    public static RequestTarget? Of(string raw)
    {
        if (raw.StartsWith('/'))
            return Split(raw, isAbsolute: false);
        var scheme = raw.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0)
            return null;
        var authority = scheme + 3;
        var end = raw.AsSpan(authority).IndexOfAny("/?#\\");
        if (end < 0)
            return new RequestTarget("/", "", true);
        var rest = raw[(authority + end)..];
        if (rest[0] is '#' or '\\')
            return null;
        // an empty path is a slash (RFC 9112, 3.2.1)
        return Split(rest[0] == '/' ? rest : $"/{rest}", isAbsolute: true);
    }

    /// <summary>
    /// Whether the server decoded it to this path and query. If not, something has rewritten them since, and the
    /// client's spelling no longer counts.
    /// </summary>
    public bool IsReadAs(string path, string query)
    {
        if (query != Query && !(query.Length == 0 && Query == "?"))
            return false;
        if (path == Path)
            return true;
        if (!IsAbsolute)
            return path == ServerPath.Of(Path);
        // Kestrel parses an absolute form with Uri, which also decodes slashes, and leaves the dot segments that
        // result.
        var decoded = ServerPath.Decode(Path, keepSlash: false);
        return path == decoded || path == ServerPath.WithoutDotSegments(decoded);
    }

    private static RequestTarget Split(string text, bool isAbsolute)
    {
        var query = text.IndexOf('?', StringComparison.Ordinal);
        return query < 0
            ? new RequestTarget(text, "", isAbsolute)
            : new RequestTarget(text[..query], text[query..], isAbsolute);
    }
}
