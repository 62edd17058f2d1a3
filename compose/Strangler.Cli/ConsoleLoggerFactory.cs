using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Strangler.Cli;

/// <summary>
/// Where our processes log: one line per event on standard error, so that standard output contains only the requested
/// output. Levels come from the configuration's <c>Logging</c> section, as usual in .NET.
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
            // A destination's recovery is logged at this level; the gateway suppresses the rest of this category.
            builder.AddFilter("Yarp.ReverseProxy.Health.DestinationHealthUpdater", LogLevel.Information);
            // We report a host that can't start in a sentence; the framework would log a stack trace.
            builder.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
            if (configuration is not null)
                builder.AddConfiguration(configuration.GetSection("Logging"));
            if (configuration?["Logging:Console:FormatterName"] is { Length: > 0 })
                builder.AddConsole();
            else
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
                // a terminal that doesn't accept lines must not block requests
                options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            });
        });
}
