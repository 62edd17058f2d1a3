using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Strangler.Cli;

/// <summary>
/// Where our processes log: a line an event on standard error, so that standard output holds only what was asked for.
/// Levels come from the configuration's <c>Logging</c> section, as everywhere in .NET.
/// </summary>
internal static class ConsoleLoggerFactory
{
    public static ILoggerFactory Create(IConfiguration? configuration) =>
        LoggerFactory.Create(builder =>
        {
            builder.SetMinimumLevel(LogLevel.Information);
            builder
                .AddFilter("Microsoft", LogLevel.Warning)
                .AddFilter("Npgsql", LogLevel.Warning)
                .AddFilter("Yarp", LogLevel.Warning)
                .AddFilter("System.Net.Http", LogLevel.Warning);
            // A destination that is healthy again is said at this level; the gateway keeps the rest of it quiet.
            builder.AddFilter("Yarp.ReverseProxy.Health.DestinationHealthUpdater", LogLevel.Information);
            // A host that cannot start is said by us in a sentence; the framework would say it with a stack trace.
            builder.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
            if (configuration is not null)
                builder.AddConfiguration(configuration.GetSection("Logging"));
            builder.AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.TimestampFormat = "HH:mm:ss.fff ";
                options.UseUtcTimestamp = true;
                options.ColorBehavior = Console.IsErrorRedirected
                    ? LoggerColorBehavior.Disabled
                    : LoggerColorBehavior.Default;
            });
            builder.Services.Configure<ConsoleLoggerOptions>(options =>
            {
                options.LogToStandardErrorThreshold = LogLevel.Trace;
                // a terminal that takes no lines holds up no request
                options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            });
        });
}
