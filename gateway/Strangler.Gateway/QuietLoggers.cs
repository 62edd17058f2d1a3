using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Strangler.Gateway.Telemetry;

namespace Strangler.Gateway;

/// <summary>
/// Keeps the log readable whatever clients and legacy do. What ASP.NET and YARP say of each single request isn't
/// written; their warnings are, one line each without a stack trace, and the same one over and over at most once a
/// second and rarer the longer it goes on, with a count of those left out. A destination that becomes unhealthy or
/// healthy is always said. What is the gateway's own passes as it is.
/// </summary>
internal sealed class QuietLoggers(ILoggerFactory inner, TimeProvider time) : ILoggerFactory
{
    private const string HealthStates = "Yarp.ReverseProxy.Health.DestinationHealthUpdater";
    private const int MostKinds = 256;
    private static readonly string[] Loud = ["Microsoft.", "Yarp."];
    private static readonly string[] Telling = ["clusterId", "destinationId", "routeId", "error"];
    private readonly ConcurrentDictionary<string, Kind> _kinds = new(StringComparer.Ordinal);

    public ILogger CreateLogger(string categoryName)
    {
        var logger = inner.CreateLogger(categoryName);
        return Loud.Any(prefix => categoryName.StartsWith(prefix, StringComparison.Ordinal))
            ? new Quiet(this, logger, categoryName)
            : logger;
    }

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>The loggers are our caller's; the timers end.</summary>
    public void Dispose()
    {
        foreach (var kind in _kinds.Values) kind.Dispose();
    }

    private Kind KindOf(string category, string name, ILogger logger)
    {
        if (_kinds.TryGetValue(name, out var known)) return known;
        if (_kinds.Count >= MostKinds)
        {
            foreach (var (key, kind) in _kinds)
            {
                if (kind.IsAtRest && _kinds.TryRemove(key, out _)) kind.Dispose();
            }
            if (_kinds.Count >= MostKinds) name = category; // all of its sort are one kind then
        }
        return _kinds.GetOrAdd(name, _ => new Kind(logger, category != HealthStates, time));
    }

    private sealed class Quiet(QuietLoggers owner, ILogger logger, string category) : ILogger
    {
        private readonly LogLevel _least = category == HealthStates ? LogLevel.Information : LogLevel.Warning;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= _least && logger.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var reason = exception is null ? "" : LogText.Reason(exception);
            var values = state as IEnumerable<KeyValuePair<string, object?>> ?? [];
            var told = string.Join('|', values.Where(one => Telling.Contains(one.Key)).Select(one => one.Value));
            var text = LogText.OneLine(formatter(state, null));
            // where it was thrown matters only where the fault may be ours
            var thrown = exception is null || LogText.IsOfTheWire(exception) ? null : exception;
            owner.KindOf(category, $"{category}|{eventId.Id}|{told}|{reason}", logger)
                .Take(new Line(logLevel, eventId, reason.Length == 0 ? text : $"{text} {reason}", thrown));
        }
    }

    private sealed record Line(LogLevel Level, EventId Id, string Text, Exception? Thrown);

    /// <summary>Lines that say the same.</summary>
    private sealed class Kind : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly ILogger _logger;
        private readonly TimeProvider _time;
        private readonly RepeatedLine _repeated;
        private readonly ITimer _timer;
        private Line? _latest;

        public Kind(ILogger logger, bool isRarer, TimeProvider time)
        {
            (_logger, _time, _repeated) = (logger, time, new RepeatedLine(isRarer));
            var never = Timeout.InfiniteTimeSpan;
            _timer = time.CreateTimer(static kind => ((Kind)kind!).SayLeftOut(), this, never, never);
        }

        public bool IsAtRest
        {
            get
            {
                lock (_lock) return _repeated.IsAtRest(_time.GetUtcNow());
            }
        }

        public void Take(Line line)
        {
            bool isWritten;
            long leftOut;
            lock (_lock)
            {
                var now = _time.GetUtcNow();
                (isWritten, leftOut) = _repeated.Take(now);
                if (isWritten) _latest = null;
                else
                {
                    if (_latest is null) _timer.Change(_repeated.Next - now, Timeout.InfiniteTimeSpan);
                    _latest = line;
                }
            }
            if (isWritten) Write(line, leftOut);
        }

        public void Dispose() => _timer.Dispose();

        private void SayLeftOut()
        {
            Line? line;
            long leftOut;
            lock (_lock)
            {
                (line, _latest) = (_latest, null);
                leftOut = line is null ? 0 : _repeated.Write(_time.GetUtcNow());
            }
            if (line is not null) Write(line with { Thrown = null }, leftOut);
        }

        private void Write(Line line, long leftOut)
        {
            var count = leftOut.ToString(CultureInfo.InvariantCulture);
            var text = leftOut == 0 ? line.Text : $"{line.Text} ({count} like it since the last line)";
            _logger.Log(line.Level, line.Id, text, line.Thrown, static (text, _) => text);
        }
    }
}
