namespace Strangler.Comparing.Differences;

/// <summary>How two answers differ at a path.</summary>
public enum DifferenceKind
{
    /// <summary>Only legacy has it.</summary>
    Missing,

    /// <summary>Only the lookup has it.</summary>
    Extra,

    /// <summary>The same type with another value.</summary>
    Value,

    /// <summary>Another JSON type.</summary>
    Type,

    /// <summary>The same elements in another order.</summary>
    Order,

    /// <summary>Another status.</summary>
    Status,

    /// <summary>Another value of a compared header.</summary>
    Header,

    /// <summary>One side refuses (401 or 403) what the other one shows (2xx). It ranks above all others.</summary>
    Security,

    /// <summary>A member's name, or the key of an array's element, occurs more often on one side.</summary>
    DuplicateKey,

    /// <summary>Different bodies that aren't compared by structure.</summary>
    Body,
}
