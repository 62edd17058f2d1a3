using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strangler.Foundation.Cultures;
using Strangler.Foundation.Files;

namespace Strangler.Hosting;

/// <summary>
/// Says at the start with which cultures <c>Respond</c> runs, and warns of a file that is missing or can't be read:
/// requests are answered without it, so nobody would notice before it is needed.
/// </summary>
internal sealed partial class HostStart(IConfiguration configuration, ILogger logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Begins(CultureData.Name);
        var (tokens, secret) = (HostFiles.AdminTokens(configuration), HostFiles.MomentsSecret(configuration));
        if (SecretFile.Read(tokens) is null)
            TokensUnread(tokens);
        if (HasQuestions && SecretFile.Read(secret) is null)
            SecretUnread(secret);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Without an address, no question is asked.</summary>
    private bool HasQuestions => configuration["Projections:Moments"] is { Length: > 0 };

    [LoggerMessage(
        EventId = 4,
        Level = LogLevel.Information,
        Message = "Strangler begins in this host; cultures: {Cultures}."
    )]
    private partial void Begins(string cultures);

    [LoggerMessage(
        EventId = 2,
        Level = LogLevel.Warning,
        Message = "The admin API refuses everything but 'GET /health': the file '{File}' doesn't exist or may not be "
            + "read. 'strangler migrate' makes it beside its configuration; 'Gateway:AdminTokenFile' names another."
    )]
    private partial void TokensUnread(string file);

    [LoggerMessage(
        EventId = 3,
        Level = LogLevel.Warning,
        Message = "The projections refuse every question, and nothing is compared: the file '{File}' doesn't exist or "
            + "may not be read. 'strangler migrate' makes it beside its configuration; "
            + "'Projections:MomentsSecretFile' names another."
    )]
    private partial void SecretUnread(string file);
}
