using Strangler.Projections;

namespace Strangler.Gateway.Stages;

/// <summary>Parses keys with the team's key type, which may throw anything.</summary>
internal static class KeyParser
{
    /// <returns>
    /// The canonical key, or null if the text isn't a key; and the exception that the key type threw.
    /// </returns>
    public static (string? Key, Exception? Thrown) Read(IResponder responder, string text)
    {
        try
        {
            return (responder.Canonical(text), null);
        }
        catch (Exception exception)
        {
            return (null, exception);
        }
    }
}
