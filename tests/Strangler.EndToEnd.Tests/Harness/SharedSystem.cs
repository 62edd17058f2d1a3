using Xunit;

namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>
/// One running system for the tests of a class that don't harm it. It starts with the first of them, so that each is
/// skipped by name on a machine without PostgreSQL.
/// </summary>
public sealed class SharedSystem : IAsyncDisposable
{
    private RunningSystem? _system;

    /// <summary>The system, with documents of 60 items.</summary>
    public async Task<RunningSystem> StartedAsync() =>
        _system ??= await RunningSystem.StartAsync(60, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _system?.DisposeAsync() ?? ValueTask.CompletedTask;
}
