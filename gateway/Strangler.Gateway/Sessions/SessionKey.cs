namespace Strangler.Gateway.Sessions;

/// <summary>A key with which gateways sign tokens.</summary>
/// <param name="Id">Its number in the store.</param>
/// <param name="Secret">Its bytes.</param>
/// <param name="Age">How old it was when it was read, by the store's clock.</param>
internal sealed record SessionKey(int Id, ReadOnlyMemory<byte> Secret, TimeSpan Age)
{
    /// <summary>The number of its bytes.</summary>
    public const int Bytes = 32;
}
