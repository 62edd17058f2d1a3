namespace Strangler.Evidence.Gates;

/// <summary>Who answers a route.</summary>
public enum Stage
{
    /// <summary>The call graph.</summary>
    Legacy,

    /// <summary>The call graph; the lookup is compared with it.</summary>
    Shadow,

    /// <summary>The lookup; the call graph if the lookup has no answer or one that is too old.</summary>
    Lookup,
}
