namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// What the bridge does where a published table loses the identity without which its own UPDATE and DELETE fail.
/// </summary>
internal enum IdentityLoss
{
    /// <summary>It says so, with the statement that helps.</summary>
    Warn,

    /// <summary>It takes the table out of the publication, so that the legacy system continues.</summary>
    DropFromPublication,
}
