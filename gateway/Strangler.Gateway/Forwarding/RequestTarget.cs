namespace Strangler.Gateway.Forwarding;

/// <summary>
/// A request's target as its client wrote it, in origin form (RFC 9112, 3.2.1): nothing of it is decoded.
/// </summary>
/// <param name="Path">From the first slash on.</param>
/// <param name="Query">With its question mark; empty where there is none.</param>
/// <param name="IsAbsolute">Whether the client wrote it in absolute form.</param>
internal sealed record RequestTarget(string Path, string Query, bool IsAbsolute)
{
    /// <summary>
    /// Null: it has no origin form, as <c>*</c> and <c>host:port</c>, or servers differ on where its path begins.
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
    /// Whether the server made this path and query of it. If it did not, something has rewritten them since, and what
    /// the client wrote no longer counts.
    /// </summary>
    public bool IsReadAs(string path, string query)
    {
        if (query != Query && !(query.Length == 0 && Query == "?"))
            return false;
        if (path == Path)
            return true;
        if (!IsAbsolute)
            return path == ServerPath.Of(Path);
        // Kestrel reads an absolute form by Uri, which decodes slashes too, and leaves dot segments that come of it.
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
