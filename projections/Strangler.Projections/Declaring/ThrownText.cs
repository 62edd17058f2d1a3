namespace Strangler.Projections.Declaring;

/// <summary>The text of an exception that the team's code threw.</summary>
internal static class ThrownText
{
    /// <summary>Type and message; for a static constructor, those of the exception that it threw.</summary>
    public static string Of(Exception exception) =>
        exception is TypeInitializationException { InnerException: { } inner }
            ? $"the static constructor of {((TypeInitializationException)exception).TypeName} threw {Of(inner)}"
            : $"{exception.GetType().Name}: {exception.Message}";
}
