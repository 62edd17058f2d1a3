namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Headers named <c>Strangler-*</c> are the gateway's own, in any case. Legacy may see a header as a CGI, WSGI or Rack
/// variable, in which everything except letters and digits becomes an underscore (RFC 3875, 4.1.18), so
/// <c>Strangler_*</c> and the like are the same names to it.
/// </summary>
internal static class OwnHeaders
{
    /// <summary>Tells who answered, if the configuration enables it.</summary>
    public const string Answer = "Strangler-Answer";

    /// <summary>Marks a request with which the gateway itself asks legacy again.</summary>
    public const string Shadow = "Strangler-Shadow";

    private const string Prefix = "Strangler";

    public static bool IsOwn(string name) =>
        name.Length > Prefix.Length
        && name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && !char.IsAsciiLetterOrDigit(name[Prefix.Length]);
}
