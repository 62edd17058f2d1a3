using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>Keeps what is logged, in a console's format, by the levels of a configuration that sets none.</summary>
internal sealed class KeptLog : ILoggerFactory
{
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>The number of characters of all lines.</summary>
    public int Size => Lines.Sum(line => line.Length);

    public ILogger CreateLogger(string categoryName) => new Logger(Lines, categoryName);

    public void AddProvider(ILoggerProvider provider) { }

    public void Dispose() { }

    private sealed class Logger(ConcurrentQueue<string> lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        private readonly LogLevel _minLevel =
            category.StartsWith("Microsoft.", StringComparison.Ordinal)
            || category.StartsWith("Yarp.", StringComparison.Ordinal)
                && category != "Yarp.ReverseProxy.Health.DestinationHealthUpdater"
                ? LogLevel.Warning
                : LogLevel.Information;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= _minLevel;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
                lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
        }
    }
}
