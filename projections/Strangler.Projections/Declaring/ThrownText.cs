namespace Strangler.Projections.Declaring;

/// <summary>What the team's code threw, in words.</summary>
internal static class ThrownText
{
    /// <summary>Type and message; of a static constructor what it threw itself.</summary>
    public static string Of(Exception exception) =>
        exception is TypeInitializationException { InnerException: { } inner }
            ? $"the static constructor of {((TypeInitializationException)exception).TypeName} threw {Of(inner)}"
            : $"{exception.GetType().Name}: {exception.Message}";
}
