namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// What the bridge does if a published table loses the identity without which its own UPDATE and DELETE fail.
/// </summary>
internal enum IdentityLoss
{
    /// <summary>Logs it, with the statement that helps.</summary>
    Warn,

    /// <summary>Removes the table from the publication, so that the legacy system continues.</summary>
    DropFromPublication,
}
