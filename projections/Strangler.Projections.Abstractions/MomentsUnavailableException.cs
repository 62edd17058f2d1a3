namespace Strangler.Projections;

/// <summary>The projections don't answer, so the comparison has no result.</summary>
public sealed class MomentsUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
