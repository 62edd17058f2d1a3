namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Headers named <c>Strangler-*</c> are the gateway's own, in any case. Legacy may see a header as a variable of CGI,
/// WSGI or Rack, where what is no letter or digit becomes an underscore (RFC 3875, 4.1.18), so <c>Strangler_*</c> and
/// the like are the same names to it.
/// </summary>
internal static class OwnHeaders
{
    private const string Prefix = "Strangler";

    public static bool IsOwn(string name) =>
        name.Length > Prefix.Length
        && name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && !char.IsAsciiLetterOrDigit(name[Prefix.Length]);
}
