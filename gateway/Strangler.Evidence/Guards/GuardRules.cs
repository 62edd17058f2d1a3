using Strangler.Evidence.Gates;

namespace Strangler.Evidence.Guards;

/// <summary>The limits of a route's guard, and what it does beyond them. A limit that is null isn't watched.</summary>
internal sealed record GuardRules
{
    public static readonly GuardRules Default = new();

    /// <summary>What it does.</summary>
    /// <value>rollback</value>
    public GuardAction Action { get; init; } = GuardAction.Rollback;

    /// <summary>Where it takes the route. Where nothing can be compared, it is legacy.</summary>
    /// <value>shadow</value>
    public Stage RollbackTo { get; init; } = Stage.Shadow;

    /// <summary>Whether it only says what it would do.</summary>
    /// <value>false</value>
    public bool IsDryRun { get; init; }

    /// <summary>How many parts may be wrong within an hour.</summary>
    /// <value>0, or none if there is a limit of the mismatch rate</value>
    public long? MaxWrong { get; init; } = 0;

    /// <summary>The highest mismatch rate, from 0 to 1, that need not be ruled out at 95 %.</summary>
    public double? MaxMismatchRate { get; init; }

    /// <summary>The maximum age of the documents.</summary>
    public TimeSpan? MaxLag { get; init; }

    /// <summary>The maximum share of requests that the lookup fails, so that the call graph answers.</summary>
    public double? MaxFallbacks { get; init; }

    /// <summary>By how much the share of answers that are errors may exceed legacy's own.</summary>
    public double? MaxErrors { get; init; }

    /// <summary>How many times as long as legacy's own the lookup's 99th percentile may be.</summary>
    public long? MaxSlowdown { get; init; }

    /// <summary>How long the projection may stand still.</summary>
    public TimeSpan? MaxStuck { get; init; }

    /// <summary>The minimum number of requests for shares and percentiles.</summary>
    /// <value>20</value>
    public long MinRequests { get; init; } = 20;

    /// <summary>How long the route isn't promoted after the first trip. It doubles with each further one.</summary>
    /// <value>10 minutes</value>
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest cool-down.</summary>
    /// <value>1 day</value>
    public TimeSpan MaxCoolDown { get; init; } = TimeSpan.FromDays(1);
}
