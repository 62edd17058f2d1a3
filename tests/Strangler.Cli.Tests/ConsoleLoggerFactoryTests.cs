using Microsoft.Extensions.Logging;
using Strangler.Cli.Up;
using Xunit;

namespace Strangler.Cli.Tests;

public sealed class ConsoleLoggerFactoryTests
{
    /// <summary>A destination's recovery is logged at the level Information.</summary>
    [Theory]
    [InlineData("Yarp.ReverseProxy.Health.DestinationHealthUpdater", true)]
    [InlineData("Yarp.ReverseProxy.Forwarder.HttpForwarder", false)]
    public void Create_WithoutConfiguration_SaysWhatChangedAndNotEachRequest(string category, bool isSaid)
    {
        using var logs = ConsoleLoggerFactory.Create(null);

        Assert.Equal(isSaid, logs.CreateLogger(category).IsEnabled(LogLevel.Information));
    }

    /// <summary>
    /// The process that starts the part finds the errors among its lines, each without its stack trace.
    /// </summary>
    [Fact]
    public void Create_ErrorsAmongOtherLines_AreFoundByWhoeverReadsThem()
    {
        var lines = Written(
            (LogLevel.Information, "It begins.", null),
            (LogLevel.Warning, "fail: Not an error[1] of its own.", null),
            (LogLevel.Error, "The publication 'strangler' does not exist.\nRun: …", null),
            (LogLevel.Critical, "This is a defect.", Thrown())
        );

        Assert.Equal(4, lines.Length);
        Assert.Equal(
            [
                "The publication 'strangler' does not exist. Run: …",
                "This is a defect. System.InvalidOperationException: Not a good day.",
            ],
            lines.Select(ErrorLine.TextOf).OfType<string>()
        );
        Assert.Contains("   at ", lines[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12:00:00.000 fail: A[1] ", 1_000, 1_000)]
    [InlineData("12:00:00.000 fail: A[1] ", 1_002, 1_001)] // 1,000 and an ellipsis
    [InlineData("12:00:00.000 crit: A[-1] ", 200_000, 1_001)]
    [InlineData("12:00:00.000 warn: A[1] ", 1, null)]
    [InlineData("12:00:00 fail: A[1] ", 1, null)]
    [InlineData("12:00:00.000 fail: ", 1, null)]
    [InlineData("", 1, null)]
    public void TextOf_Line_IsItsBoundedTextWhereItIsAnError(string head, int length, int? expected) =>
        Assert.Equal(expected, ErrorLine.TextOf(head + new string('x', length))?.Length);

    [Fact]
    public void TextOf_CutWithinACharacterOfTwoUnits_IsCutBeforeIt()
    {
        var text = ErrorLine.TextOf($"12:00:00.000 fail: A[1] {new string('x', 999)}\U0001F6AA and on");

        Assert.Equal($"{new string('x', 999)}…", text);
    }

    private static string[] Written(params (LogLevel Level, string Text, Exception? Exception)[] events)
    {
        using var errors = new StringWriter();
        var before = Console.Error;
        Console.SetError(errors);
        using (var logs = ConsoleLoggerFactory.Create(null)) // it takes the writer that exists when it is created
        {
            Console.SetError(before);
            var logger = logs.CreateLogger("Strangler.CdcBridge");
            foreach (var (level, text, exception) in events)
                logger.Log(level, 1, text, exception, static (said, _) => said);
        }
        return errors.ToString().TrimEnd().Split('\n');
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("Not a good day.");
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }
}
