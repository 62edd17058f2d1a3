using System.Net;
using Strangler.EndToEnd.Tests.Harness;
using Xunit;

namespace Strangler.EndToEnd.Tests.Soak.Faults;

/// <summary>What clients and operators do.</summary>
internal static class RequestFaults
{
    private const int UploadBytes = 20 << 20;

    public static SoakFault Upload { get; } = new("upload refused early", UploadAsync) { Subjects = SoakSubjects.Up };

    public static SoakFault Migrate { get; } = new("migrate run again", MigrateAsync) { Subjects = SoakSubjects.Store };

    private static async Task UploadAsync(SoakSystem system, Random random, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = system.Gateway };
        using var content = new ByteArrayContent(new byte[UploadBytes]);
        using var response = await http.PostAsync("/upload", content, cancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    private static async Task MigrateAsync(SoakSystem system, Random random, CancellationToken cancellationToken)
    {
        var run = await CommandRun.Async("migrate", "--config", system.ConfigFile);
        cancellationToken.ThrowIfCancellationRequested();
        Assert.True(run.Code == 0, string.Join('\n', run.Errors));
    }
}
