using Strangler.Projections;

namespace Strangler.Gateway.Stages;

/// <summary>Reads keys by the team's key type, which may throw anything.</summary>
internal static class KeyParser
{
    /// <returns>The canonical key, null where the text is none; and what the key type threw.</returns>
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
