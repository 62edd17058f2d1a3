using System.ComponentModel;
using Strangler.Demo.Processes;

namespace Strangler.Demo.Postgres;

/// <summary>Docker's engine, as the client on this machine finds it.</summary>
internal static class DockerEngine
{
    // An engine that exists but hangs counts as missing.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Whether a client exists, and an engine answers it.</summary>
    public static async Task<bool> AnswersAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await ProgramRun.Async(["docker", "info"], either.Token) is (0, _);
        }
        catch (Win32Exception)
        {
            return false; // the program doesn't exist
        }
        catch (OperationCanceledException)
            when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
