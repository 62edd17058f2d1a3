using Strangler.Projections;

namespace Strangler.Gateway.Lookup;

/// <summary>How a call of Respond ended.</summary>
internal abstract record RespondOutcome
{
    private RespondOutcome() { }

    public sealed record Made(Answer Answer) : RespondOutcome;

    public sealed record Threw(Exception Exception) : RespondOutcome;

    /// <summary>It overran its limit and was abandoned.</summary>
    public sealed record Overran : RespondOutcome
    {
        public static readonly Overran Value = new();
    }

    /// <summary>It didn't get a thread within its limit.</summary>
    public sealed record Busy : RespondOutcome
    {
        public static readonly Busy Value = new();
    }
}
