using System.Globalization;

namespace Strangler.Projections;

/// <summary>A comparison after which the change log was found to have its source's history.</summary>
/// <param name="Number">The comparison's number, which rises with each comparison.</param>
/// <param name="Server">
/// The run of the source's server that was compared: when it started. A server that started at another time may have
/// been put back to an older state.
/// </param>
public sealed record SourceVerification(long Number, string Server)
{
    /// <summary>Reads <c>number/server</c>.</summary>
    /// <exception cref="FormatException">The text doesn't have that form.</exception>
    public static SourceVerification Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            throw new FormatException($"'{text}' is not of the form number/server.");
        return new(long.Parse(text.AsSpan(0, slash), CultureInfo.InvariantCulture), text[(slash + 1)..]);
    }
}
