using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Http;

namespace Strangler.Gateway.Configuration;

/// <summary>
/// Reads where a gateway serves, by ASP.NET Core's conventions, and where its admin API does. Nothing of it is
/// required: without a setting, both serve on loopback.
/// </summary>
internal static class AddressConfigReader
{
    public const string UrlsMember = "Urls";
    public const string AdminMember = "Admin";
    public const string AdminPath = $"{Section}:{AdminMember}";
    private const string Section = "Gateway";
    private const string PresetUrl = "http://127.0.0.1:8080";
    private const string PresetAdmin = "http://127.0.0.1:8081";

    /// <summary>Settings that hold addresses, the one that counts first.</summary>
    private static readonly string[] UrlSettings = [$"{Section}:{UrlsMember}", UrlsMember];

    /// <summary>Settings that hold ports of all addresses of this machine, with their schemes.</summary>
    private static readonly (string Setting, string Scheme)[] PortSettings =
    [
        ("HTTP_PORTS", "http"),
        ("HTTPS_PORTS", "https"),
    ];

    /// <returns>
    /// The addresses at which the gateway serves. Empty if only the endpoints of Kestrel's own section are served.
    /// </returns>
    public static IReadOnlyList<string> Urls(IConfiguration configuration, List<Fault> faults)
    {
        foreach (var setting in UrlSettings)
        {
            if (configuration[setting] is not { } text || Split(text) is not [_, ..] urls)
                continue;
            foreach (var url in urls.Where(url => Parse(url) is null))
            {
                // A semicolon in a password would split it, and neither piece would look like part of an address with a
                // password.
                var shown = text.Contains('@', StringComparison.Ordinal) ? "The value" : $"'{url}'";
                faults.Add(
                    new Fault(
                        setting,
                        $"{shown} is not an address that a server can take.",
                        "Write 'http://' or 'https://', a host or IP address ('*' for all), and a port, without a path."
                    )
                );
            }
            return urls;
        }
        List<string> ofPorts =
        [
            .. PortSettings.SelectMany(ports =>
                Split(configuration[ports.Setting] ?? "").Select(port => $"{ports.Scheme}://*:{port}")
            ),
        ];
        if (ofPorts.Count > 0)
            return ofPorts;
        return Endpoints(configuration).Any() ? [] : [PresetUrl];
    }

    /// <summary>
    /// The address of the admin API, as far as it can be read. It doesn't depend on where the gateway serves: a command
    /// that knew otherwise would send the admin API's token to the gateway, and so to legacy.
    /// </summary>
    public static string Admin(IConfiguration configuration) =>
        configuration[AdminPath] is { Length: > 0 } given ? given : PresetAdmin;

    /// <inheritdoc cref="Admin(IConfiguration)"/>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="faults">Where faults are added.</param>
    public static string Admin(IConfiguration configuration, List<Fault> faults)
    {
        var admin = Admin(configuration);
        if (Parse(admin) is not { Scheme: "http" } address)
            faults.Add(
                new Fault(
                    AdminPath,
                    $"'{admin}' is not an address that the admin API can take.",
                    "Write 'http://', a loopback address and a port, such as 'http://127.0.0.1:8081'."
                )
            );
        else if (!LoopbackGuard.IsLoopback(address.Host))
            faults.Add(
                new Fault(
                    AdminPath,
                    $"The host '{address.Host}' of the admin API is not a loopback address: "
                        + "everybody who reaches it can change stages.",
                    "Use '127.0.0.1', '[::1]' or 'localhost', and a tunnel from elsewhere."
                )
            );
        else if (address.Port != 0 && Served(configuration).Any(served => served.Port == address.Port))
            faults.Add(
                new Fault(
                    AdminPath,
                    $"The admin API has the port {address.Port} of the gateway itself.",
                    "Give it a port of its own."
                )
            );
        return admin;
    }

    /// <summary>Null if Kestrel doesn't accept it.</summary>
    private static BindingAddress? Parse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return
                address.Scheme is "http" or "https"
                && (address.IsUnixPipe || address.Port is >= 0 and <= ushort.MaxValue)
                && address.PathBase.Length == 0
                && !address.Host.Contains('@', StringComparison.Ordinal)
                && (address.IsUnixPipe || IsIpv6(address) || !address.Host.Contains(':', StringComparison.Ordinal))
                ? address
                : null;
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsIpv6(BindingAddress address) => address.Host is ['[', .., ']'];

    /// <summary>Everything at which the gateway serves, as far as it can be read.</summary>
    private static IEnumerable<BindingAddress> Served(IConfiguration configuration) =>
        Urls(configuration, [])
            .Concat(Endpoints(configuration).Select(endpoint => endpoint["Url"] ?? ""))
            .Select(Parse)
            .OfType<BindingAddress>()
            .Where(address => !address.IsUnixPipe);

    private static IEnumerable<IConfigurationSection> Endpoints(IConfiguration configuration) =>
        configuration.GetSection("Kestrel:Endpoints").GetChildren();

    private static List<string> Split(string text) =>
        [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
