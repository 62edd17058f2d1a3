namespace Strangler.Projections.Testing;

/// <summary>The projection isn't what its test expects: the message says why.</summary>
public sealed class ProjectionTestException(string message, Exception? cause = null) : Exception(message, cause);
