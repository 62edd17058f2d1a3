namespace Strangler.Projections.Declaring;

/// <summary>
/// A row of the mirror that its row type cannot hold: a null where none is taken, an infinite date, a number out of
/// range, an unknown enum text. The keys that reach the row are quarantined with this sentence.
/// </summary>
internal sealed class RowReadException(string message, Exception? cause = null) : Exception(message, cause);
