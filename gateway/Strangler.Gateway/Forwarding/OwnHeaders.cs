namespace Strangler.Gateway.Forwarding;

/// <summary>Headers named <c>Strangler-*</c> are the gateway's own.</summary>
internal static class OwnHeaders
{
    private const string Prefix = "Strangler-";

    public static bool IsOwn(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
}
