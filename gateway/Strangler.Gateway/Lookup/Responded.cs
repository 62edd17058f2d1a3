using Strangler.Projections;

namespace Strangler.Gateway.Lookup;

/// <summary>How a call of Respond ended.</summary>
internal abstract record Responded
{
    private Responded() { }

    public sealed record Made(Answer Answer) : Responded;

    public sealed record Threw(Exception Exception) : Responded;

    /// <summary>It ran past its limit and was left alone.</summary>
    public sealed record Overran : Responded
    {
        public static readonly Overran Value = new();
    }

    /// <summary>It did not get a thread within its limit.</summary>
    public sealed record Busy : Responded
    {
        public static readonly Busy Value = new();
    }
}
