using Strangler.Evidence;
using Strangler.Gateway.Lookup;

namespace Strangler.Gateway.Sessions;

/// <summary>What a caller's token asks for.</summary>
internal abstract record SessionNeed
{
    private SessionNeed() { }

    /// <summary>No more than any document that is young enough.</summary>
    public sealed record AnyDocument : SessionNeed
    {
        public static readonly AnyDocument Value = new();
    }

    /// <summary>Documents that have this.</summary>
    public sealed record Documents(FreshnessRequirement Required) : SessionNeed;

    /// <summary>
    /// A look at the source: the position is beyond what this gateway knows of the source, or of another epoch.
    /// </summary>
    public sealed record Look : SessionNeed
    {
        public static readonly Look Value = new();
    }

    /// <summary>Legacy.</summary>
    public sealed record Legacy(CallGraphReason Reason) : SessionNeed;
}
