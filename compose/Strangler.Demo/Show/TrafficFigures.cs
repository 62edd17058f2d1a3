namespace Strangler.Demo.Show;

/// <summary>Requests of a kind.</summary>
/// <param name="Answered">Those that got an answer.</param>
/// <param name="Dropped">Those that were due but not sent, because too many were in flight.</param>
/// <param name="Errors">Those without an answer, or with a status of 500 or above.</param>
internal sealed record TrafficFigures(long Answered, long Dropped, long Errors);
