namespace Strangler.Gateway.Shadowing;

/// <summary>Asks legacy one sampled request without some of its headers.</summary>
internal interface IHeaderProbe
{
    /// <summary>
    /// The request's headers that the route neither declares nor has checked, in lower case: the lookup doesn't know
    /// whether legacy's answer depends on them.
    /// </summary>
    IReadOnlyList<string> Unknown { get; }

    /// <summary>Asks. The caller has permission, as for any other call.</summary>
    ValueTask<LegacyAnswer> AskWithoutAsync(IReadOnlyCollection<string> headers, CancellationToken cancellationToken);
}
