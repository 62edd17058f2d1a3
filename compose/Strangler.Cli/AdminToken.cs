using System.Net.Http.Headers;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;

namespace Strangler.Cli;

/// <summary>The token with which a command calls the admin API.</summary>
internal static class AdminToken
{
    /// <summary>A token of another file, or of a user who may not read the file.</summary>
    public const string Variable = "STRANGLER_ADMIN_TOKEN";

    /// <summary>Who is at this terminal, for whom the file is made.</summary>
    public static string Person => AdminTokens.IsName(Environment.UserName) ? Environment.UserName : "operator";

    /// <summary>
    /// Gives a client the token for its address: the environment's, which a person has named for it; else, at the
    /// configuration's own <c>Gateway:Admin</c> alone, this person's of the file, else the file's first. Without one,
    /// the gateway says how to get it.
    /// </summary>
    /// <exception cref="FaultException">
    /// It would go over a network in clear text, or the file's to another address.
    /// </exception>
    public static void Use(HttpClient http, Uri address, string config)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            Send(given);
        else if (OfFile(config) is var (admin, file, secret))
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
            if (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback)
                throw new FaultException(
                    new Fault(
                        $"{address}",
                        "A token would go there in clear text.",
                        "Run the command on that machine, lead a port of this one there ('ssh -L'), or use https."
                    )
                );
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }
    }

    private static bool IsAlike(Uri address, string? admin) =>
        Uri.TryCreate(admin, UriKind.Absolute, out var configured)
        && Uri.Compare(
            address,
            configured,
            UriComponents.SchemeAndServer,
            UriFormat.Unescaped,
            StringComparison.OrdinalIgnoreCase
        ) == 0;

    /// <summary>The token of the configuration's file, and the address that it is for; null: there is none.</summary>
    private static (string? Admin, string File, string Secret)? OfFile(string config)
    {
        try
        {
            var configuration = ConfigurationFile.Read(config);
            var file = configuration[AdminTokenFile.Path]!;
            return AdminTokenFile.Read(file)?.SecretFor(Person) is { } secret
                ? (configuration["Gateway:Admin"], file, secret)
                : null;
        }
        catch (FaultException)
        {
            return null; // '--admin' needs no configuration
        }
    }
}
