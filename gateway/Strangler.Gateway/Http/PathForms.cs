namespace Strangler.Gateway.Http;

/// <summary>Forms of a path on which legacy's answer doesn't depend, as a route declares.</summary>
[Flags]
internal enum PathForms
{
    /// <summary>It may depend on each.</summary>
    None = 0,

    /// <summary>Upper and lower case of the template's literals.</summary>
    Case = 1,

    /// <summary>One slash at the end, or none.</summary>
    TrailingSlash = 2,
}
