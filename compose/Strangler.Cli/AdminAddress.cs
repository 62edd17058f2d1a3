using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;

namespace Strangler.Cli;

/// <summary>Finds the running system that a command talks to.</summary>
internal static class AdminAddress
{
    /// <summary>
    /// Runs <paramref name="command"/> with a client of the admin API at <c>--admin</c>, or at the configuration's
    /// <c>Gateway:Admin</c>.
    /// </summary>
    /// <exception cref="FaultException">
    /// Without <c>--admin</c>, the configuration can't be read; or the address is not a URL.
    /// </exception>
    public static async Task<int> WithClientAsync(ParseResult parsed, Func<AdminClient, Task> command)
    {
        using var http = Http();
        http.BaseAddress = Find(parsed);
        AdminToken.Use(http, http.BaseAddress, parsed.GetRequiredValue(CommonOptions.Config));
        await command(new AdminClient(http));
        return ExitCode.Success;
    }

    /// <summary>
    /// A client for an admin API, which is on loopback: no proxy is used. <see cref="AdminClient"/> limits the time of
    /// each call.
    /// </summary>
    public static HttpClient Http() =>
        new(new SocketsHttpHandler { UseProxy = false }) { Timeout = AdminClient.PromoteLimit };

    private static Uri Find(ParseResult parsed)
    {
        if (parsed.GetValue(CommonOptions.Admin) is { } option)
            return Url(option, "--admin");
        var files = parsed.GetRequiredValue(CommonOptions.Config);
        IConfigurationRoot configuration;
        try
        {
            configuration = ConfigurationFile.Read(files);
        }
        catch (FaultException exception)
        {
            throw new FaultException(
                [
                    new Fault(
                        "--admin",
                        "No address of a running gateway was given, so the configuration was read.",
                        "Give it with '--admin URL'."
                    ),
                    .. exception.Faults,
                ],
                exception
            );
        }
        return Url(AdminApiAddress.Of(configuration), AdminApiAddress.Path);
    }

    private static Uri Url(string text, string path) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new FaultException(
                new Fault(path, $"'{text}' is not a URL.", "Give one such as 'http://127.0.0.1:8081'.")
            );
}
