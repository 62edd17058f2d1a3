using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Strangler.Architecture.Tests.Names;

/// <summary>
/// Calls each of the product's log methods once. An id that isn't specified is derived from the method's name.
/// </summary>
public sealed class EventTests
{
    [Fact]
    public void Events_OfTheProduct_AreTheApproved()
    {
        var events = Rooms.MayReference.Keys.SelectMany(Events).ToList();

        Assert.True(events.Count > 70, $"Only {events.Count} events are found.");
        ApprovedNames.Equal(
            "events",
            "Events of the log: id, name, level and values. Log searches and alerts depend on them.",
            events
        );
    }

    private static IEnumerable<string> Events(string project)
    {
        var name = Rooms.Assembly(project);
        return Assembly
            .Load(name)
            .GetTypes()
            .SelectMany(type =>
                type.GetMethods(
                    BindingFlags.Static
                        | BindingFlags.Instance
                        | BindingFlags.Public
                        | BindingFlags.NonPublic
                        | BindingFlags.DeclaredOnly
                )
            )
            .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)
            .Select(method => (Call(method), Levels(method)))
            .OrderBy(one => one.Item1.Id.Id)
            .Select(one =>
            {
                var ((id, level, values), levels) = one;
                return $"{name, -24} {id.Id, 10}  {id.Name, -24} {levels ?? $"{level}", -12} {values}".TrimEnd();
            });
    }

    /// <summary>Null: the event's attribute sets its level.</summary>
    private static string? Levels(MethodInfo method) =>
        method.GetParameters().Any(parameter => parameter.ParameterType == typeof(LogLevel)) ? "by the call" : null;

    private static (EventId Id, LogLevel Level, string Values) Call(MethodInfo method)
    {
        var logger = new Logger();
        method.Invoke(
            method.IsStatic ? null : With(method.DeclaringType!, logger),
            [.. method.GetParameters().Select(parameter => Value(parameter.ParameterType, logger))]
        );
        return logger.Logged ?? throw new InvalidOperationException($"{method} logs nothing.");
    }

    private static object? Value(Type type, Logger logger) =>
        type == typeof(ILogger) ? logger
        : type.IsValueType ? RuntimeHelpers.GetUninitializedObject(type)
        : null;

    /// <summary>An instance that has nothing but the logger.</summary>
    private static object With(Type type, Logger logger)
    {
        var instance = RuntimeHelpers.GetUninitializedObject(type);
        type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            .Single(field => typeof(ILogger).IsAssignableFrom(field.FieldType))
            .SetValue(instance, Activator.CreateInstance(typeof(Logger<>).MakeGenericType(type), logger));
        return instance;
    }

    private sealed class Logger<TCategory>(Logger logger) : ILogger<TCategory>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => logger.Log(logLevel, eventId, state, exception, formatter);
    }

    private sealed class Logger : ILogger
    {
        public (EventId Id, LogLevel Level, string Values)? Logged { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) =>
            Logged = (
                eventId,
                logLevel,
                string.Join(
                    ", ",
                    ((IReadOnlyList<KeyValuePair<string, object?>>)state!)
                        .Select(value => value.Key)
                        .Where(key => key != "{OriginalFormat}")
                )
            );
    }
}
