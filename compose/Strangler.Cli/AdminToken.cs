using System.Net.Http.Headers;
using Microsoft.Extensions.Configuration;
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

    /// <summary>Gives a client the token of the environment, else this person's of the configuration's file, else that file's first. Without one, the gateway says how to get it.</summary>
    public static void Use(HttpClient http, string config)
    {
        var secret = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : OfFile(config);
        if (secret is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
    }

    /// <summary>Makes the file where there is none. Where it cannot be made, nothing else is kept from running: it is said.</summary>
    public static void Ensure(IConfiguration configuration)
    {
        try
        {
            AdminTokenFile.Ensure(configuration[AdminTokenFile.Path]!, Person);
        }
        catch (FaultException exception)
        {
            FaultLines.Warn(Console.Error, exception.Faults);
        }
    }

    private static string? OfFile(string config)
    {
        try
        {
            return AdminTokenFile.Read(ConfigurationFile.Read(config)[AdminTokenFile.Path]!)?.SecretFor(Person);
        }
        catch (FaultException)
        {
            return null; // '--admin' needs no configuration
        }
    }
}
