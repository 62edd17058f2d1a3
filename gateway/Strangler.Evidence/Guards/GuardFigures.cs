namespace Strangler.Evidence.Guards;

/// <summary>What a gateway knows about a route that the lookup answers. Unknown is null, never zero.</summary>
internal sealed record GuardFigures
{
    /// <summary>Whether answers of the lookup are compared at all.</summary>
    public bool IsCompared { get; init; }

    /// <summary>The time since the last comparison, or since the route came into its stage.</summary>
    public TimeSpan SinceCompared { get; init; }

    /// <summary>Parts that were wrong within an hour, without dismissed faults.</summary>
    public long Wrong { get; init; }

    /// <summary>Parts that matched within an hour.</summary>
    public long Right { get; init; }

    /// <summary>Requests, shortest window first.</summary>
    public IReadOnlyList<RequestWindow> Windows { get; init; } = [];

    /// <summary>Requests that legacy answered since the gateway started.</summary>
    public long LegacyAnswers { get; init; }

    /// <summary>Of these, those with a server's error.</summary>
    public long LegacyErrors { get; init; }

    /// <summary>Their 99th percentile in milliseconds.</summary>
    public double? LegacyP99 { get; init; }

    /// <summary>The lookup's in the last seconds.</summary>
    public double? LookupP99 { get; init; }

    /// <summary>The requests that it is of.</summary>
    public long LookupAnswers { get; init; }

    /// <summary>How old the documents are.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>How long the projection has stood still.</summary>
    public TimeSpan? Stuck { get; init; }
}
