using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Strangler.CdcBridge.Tests;

/// <summary>Keeps what was logged.</summary>
internal sealed class SaidLogger : ILoggerFactory, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = [];

    /// <summary>The entries that require a person to act.</summary>
    public ConcurrentQueue<string> Errors { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        var line = $"{formatter(state, exception)} {exception}";
        Lines.Enqueue(line);
        if (logLevel >= LogLevel.Error)
            Errors.Enqueue(line);
    }

    public override string ToString() => string.Join(Environment.NewLine, Lines);

    public void Dispose() { }
}
