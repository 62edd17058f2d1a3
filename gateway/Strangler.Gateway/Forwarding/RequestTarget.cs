namespace Strangler.Gateway.Forwarding;

/// <summary>
/// A request's target as its client wrote it, in origin form (RFC 9112, 3.2.1): nothing of it is decoded.
/// </summary>
/// <param name="Path">From the first slash on.</param>
/// <param name="Query">With its question mark; empty where there is none.</param>
/// <param name="Absolute">The whole target where the client wrote it in absolute form.</param>
internal sealed record RequestTarget(string Path, string Query, string? Absolute)
{
    /// <summary>Null: it has no origin form, as <c>*</c> and <c>host:port</c>.</summary>
    public static RequestTarget? Of(string raw)
    {
        if (raw.StartsWith('/')) return Split(raw, null);
        var scheme = raw.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0) return null;
        var authority = scheme + 3;
        var end = raw.AsSpan(authority).IndexOfAny('/', '?');
        if (end < 0) return new RequestTarget("/", "", raw);
        var rest = raw[(authority + end)..];
        return Split(rest[0] == '/' ? rest : $"/{rest}", raw); // an empty path is a slash (RFC 9112, 3.2.1)
    }

    /// <summary>
    /// Whether the server made this path and query of it. If it did not, something has rewritten them since, and what
    /// the client wrote no longer counts.
    /// </summary>
    public bool IsReadAs(string path, string query)
    {
        if (query != Query && !(query.Length == 0 && Query == "?")) return false;
        if (path == Path) return true;
        if (Absolute is null) return path == ServerPath.Of(Path);
        return Uri.TryCreate(Absolute, UriKind.Absolute, out var uri) && path == uri.LocalPath;
    }

    private static RequestTarget Split(string text, string? absolute)
    {
        var query = text.IndexOf('?', StringComparison.Ordinal);
        return query < 0
            ? new RequestTarget(text, "", absolute)
            : new RequestTarget(text[..query], text[query..], absolute);
    }
}
