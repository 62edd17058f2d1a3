using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Strangler.Foundation.Logging;
using Strangler.Gateway.Telemetry;

namespace Strangler.Gateway;

/// <summary>
/// Keeps the log readable whatever clients and legacy do. What ASP.NET and YARP log for each request is written only if
/// the configuration's log levels ask for it. Their warnings are, one line each without a stack trace. A repeated
/// warning is written at most once a second, and less often the longer it continues, with a count of those left out. A
/// destination that becomes unhealthy or healthy is always logged. The gateway's own messages are limited too: of
/// changes of a state, the latest is logged within a second; a repeated exception has its trace once and is logged less
/// and less often.
/// </summary>
internal sealed class QuietLoggers(ILoggerFactory inner, TimeProvider time) : ILoggerFactory
{
    private const string HealthStates = "Yarp.ReverseProxy.Health.DestinationHealthUpdater";
    private const int MaxKinds = 256;
    private static readonly string[] Loud = ["Microsoft.", "Yarp."];
    private static readonly string[] Telling = ["clusterId", "destinationId", "routeId", "error"];
    private static readonly string[] OwnTelling = ["RouteId", "Projection"];
    private readonly ConcurrentDictionary<string, Kind> _kinds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Kind> _own = new(StringComparer.Ordinal);

    public ILogger CreateLogger(string categoryName)
    {
        var logger = inner.CreateLogger(categoryName);
        return Loud.Any(prefix => categoryName.StartsWith(prefix, StringComparison.Ordinal))
            ? new Quiet(this, logger, categoryName)
            : new Own(this, logger, categoryName);
    }

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>The caller owns the loggers; only the timers are disposed.</summary>
    public void Dispose()
    {
        foreach (var kind in _kinds.Values.Concat(_own.Values))
            kind.Dispose();
    }

    /// <summary>Their number is bounded by our events, routes and projections.</summary>
    private Kind OwnKind(string name, bool isRarer, ILogger logger) =>
        _own.GetOrAdd(name, _ => new Kind(logger, isRarer, time));

    private Kind KindOf(string category, string name, ILogger logger)
    {
        if (_kinds.TryGetValue(name, out var known))
            return known;
        if (_kinds.Count >= MaxKinds)
        {
            foreach (var (key, kind) in _kinds)
            {
                if (kind.IsAtRest && _kinds.TryRemove(key, out _))
                    kind.Dispose();
            }
            if (_kinds.Count >= MaxKinds)
                name = category; // from here on, one kind for the whole category
        }
        return _kinds.GetOrAdd(name, _ => new Kind(logger, category != HealthStates, time));
    }

    private sealed class Quiet(QuietLoggers owner, ILogger logger, string category) : ILogger
    {
        /// <summary>Below it, lines are written as they come: somebody has asked for each of them.</summary>
        private readonly LogLevel _minKept = category == HealthStates ? LogLevel.Information : LogLevel.Warning;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (!IsEnabled(logLevel))
                return;
            if (logLevel < _minKept)
            {
                logger.Log(logLevel, eventId, state, exception, formatter);
                return;
            }
            var reason = exception is null ? "" : LogText.Reason(exception);
            var text = LogText.OneLine(formatter(state, null));
            // where it was thrown matters only if the fault may be ours
            var thrown = exception is null || LogText.IsOfTheWire(exception) ? null : exception;
            owner
                .KindOf(category, $"{category}|{eventId.Id}|{Told(state, Telling)}|{reason}", logger)
                .Take(new Line(logLevel, eventId, reason.Length == 0 ? text : $"{text} {reason}", thrown));
        }
    }

    /// <summary>
    /// The text of an exception differs from request to request, so it doesn't separate lines into kinds.
    /// </summary>
    private sealed class Own(QuietLoggers owner, ILogger logger, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (!IsEnabled(logLevel))
                return;
            var text = LogText.OneLine(formatter(state, null), LogText.MaxOwnLength);
            var isRarer = exception is not null;
            owner
                .OwnKind($"{category}|{eventId.Id}|{eventId.Name}|{Told(state, OwnTelling)}|{isRarer}", isRarer, logger)
                .Take(
                    new Line(
                        logLevel,
                        eventId,
                        exception is null ? text : $"{text} {LogText.Reason(exception)}",
                        exception
                    )
                );
        }
    }

    private static string Told<TState>(TState state, string[] names) =>
        state is IEnumerable<KeyValuePair<string, object?>> values
            ? string.Join('|', values.Where(one => names.Contains(one.Key)).Select(one => one.Value))
            : "";

    /// <param name="Thrown">Shows where it was thrown. Null if that doesn't matter.</param>
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
                lock (_lock)
                    return _repeated.IsAtRest(_time.GetUtcNow());
            }
        }

        public void Take(Line line)
        {
            bool isWritten,
                isNews;
            long leftOut;
            lock (_lock)
            {
                var now = _time.GetUtcNow();
                isNews = _repeated.IsAtRest(now);
                (isWritten, leftOut) = _repeated.Take(now);
                if (isWritten)
                    _latest = null;
                else
                {
                    if (_latest is null)
                        _timer.Change(_repeated.Next - now, Timeout.InfiniteTimeSpan);
                    _latest = line;
                }
            }
            if (isWritten)
                Write(isNews ? line : line with { Thrown = null }, leftOut);
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
            if (line is not null)
                Write(line with { Thrown = null }, leftOut);
        }

        private void Write(Line line, long leftOut)
        {
            var count = leftOut.ToString(CultureInfo.InvariantCulture);
            var text = leftOut == 0 ? line.Text : $"{line.Text} ({count} like it since the last line)";
            if (line.Thrown is { } thrown)
                text = $"{text} {LogText.Trace(thrown)}";
            _logger.Log(line.Level, line.Id, text, null, static (text, _) => text);
        }
    }
}
