namespace Strangler.Projections.Declaring;

/// <summary>
/// A row of the mirror that its row type can't hold: an unexpected null, an infinite date, a number out of range, an
/// unknown enum text. The keys that reach the row are quarantined with this message.
/// </summary>
internal sealed class RowReadException(string message, Exception? cause = null) : Exception(message, cause);
