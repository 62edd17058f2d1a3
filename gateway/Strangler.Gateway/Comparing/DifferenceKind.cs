namespace Strangler.Gateway.Comparing;

/// <summary>In what two answers differ, seen from legacy.</summary>
internal enum DifferenceKind
{
    /// <summary>One side refuses (401, 403) what the other one shows. It ranks above all others.</summary>
    Security,
    Status,
    Header,

    /// <summary>Legacy has it, the lookup has not.</summary>
    Missing,

    /// <summary>The lookup has it, legacy has not.</summary>
    Extra,
    Value,
    Type,

    /// <summary>The same elements in another order.</summary>
    Order,

    /// <summary>A member that comes twice on one side.</summary>
    DuplicateKey,

    /// <summary>Content that is no JSON.</summary>
    Body,
}
