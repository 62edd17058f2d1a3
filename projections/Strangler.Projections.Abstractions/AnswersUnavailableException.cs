namespace Strangler.Projections;

/// <summary>The store that holds the documents doesn't answer; the call graph must.</summary>
public sealed class AnswersUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
