using System.ComponentModel;
using Strangler.Demo.Processes;

namespace Strangler.Demo.Postgres;

/// <summary>Docker's engine, as its client on this machine finds it.</summary>
internal static class DockerEngine
{
    // An engine that is there but stuck is none.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Whether there is a client, and an engine answers it.</summary>
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
            return false; // no such program
        }
        catch (OperationCanceledException)
            when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
