namespace Strangler.ChangeLog;

/// <summary>Part of the log, in order.</summary>
/// <param name="Records">Records after the requested position; may be empty if there was only progress.</param>
/// <param name="Through">
/// The position that a reader has reached with this page. It is an end (<see cref="Position.IsEnd"/>) unless the page
/// ends within a transaction, whose rest follows with the next page.
/// </param>
/// <param name="At">
/// The source's clock at <paramref name="Through"/>: everything committed before then is in the log up to here.
/// </param>
public sealed record LogPage(IReadOnlyList<LogRecord> Records, Position Through, DateTimeOffset At);
