using System.Net.Http.Headers;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Http;
using Strangler.Gateway.Admin;

namespace Strangler.Cli;

/// <summary>The token with which a command calls the admin API.</summary>
internal static class AdminToken
{
    /// <summary>A token from another file, or for a user who may not read the file.</summary>
    public const string Variable = "STRANGLER_ADMIN_TOKEN";

    /// <summary>The user of this terminal, for whom the file is created.</summary>
    public static string Person => AdminTokens.IsName(Environment.UserName) ? Environment.UserName : "operator";

    /// <summary>
    /// Gives a client the token for its address: the environment's, which a person has set for it; otherwise, only for
    /// the configuration's own <c>Gateway:Admin</c>, this person's token from the file, or else the file's first one.
    /// Without a token, the gateway explains how to get one.
    /// </summary>
    /// <exception cref="FaultException">
    /// The token would be sent over a network in clear text, or the file's token to another address.
    /// </exception>
    public static void Use(HttpClient http, Uri address, IReadOnlyList<string> files)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            Send(given);
        else if (OfFile(files) is var (admin, file, secret))
        {
            if (!IsAlike(address, admin))
                throw new FaultException(
                    new Fault(
                        $"{address}",
                        $"It isn't the address of 'Gateway:Admin', so it doesn't get a token of '{file}'.",
                        $"Set {Variable} to the token of that gateway, or leave '--admin' out."
                    )
                );
            Send(secret);
        }

        void Send(string secret)
        {
            if (address.Scheme != Uri.UriSchemeHttps && !LoopbackGuard.IsLoopback(address))
                throw new FaultException(
                    new Fault(
                        $"{address}",
                        "A token would go there in clear text.",
                        "Run the command on that machine, forward a local port to it ('ssh -L'), or use https."
                    )
                );
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }
    }

    private static bool IsAlike(Uri address, string admin) =>
        Uri.TryCreate(admin, UriKind.Absolute, out var configured)
        && Uri.Compare(
            address,
            configured,
            UriComponents.SchemeAndServer,
            UriFormat.Unescaped,
            StringComparison.OrdinalIgnoreCase
        ) == 0;

    /// <summary>The token from the configuration's file, and the address that it is for; null: none exists.</summary>
    private static (string Admin, string File, string Secret)? OfFile(IReadOnlyList<string> files)
    {
        try
        {
            var configuration = ConfigurationFile.Read(files);
            var file = configuration[AdminTokenFile.Path]!;
            return AdminTokenFile.Read(file)?.SecretFor(Person) is { } secret
                ? (AdminApiAddress.Of(configuration), file, secret)
                : null;
        }
        catch (FaultException)
        {
            return null; // '--admin' doesn't need a configuration
        }
    }
}
