using Microsoft.Extensions.Logging;
using Xunit;

namespace Strangler.Cli.Tests;

public sealed class LogsTests
{
    /// <summary>A destination that became healthy again is said at the level of information.</summary>
    [Theory]
    [InlineData("Yarp.ReverseProxy.Health.DestinationHealthUpdater", true)]
    [InlineData("Yarp.ReverseProxy.Forwarder.HttpForwarder", false)]
    public void Create_WithoutConfiguration_SaysWhatChangedAndNotEachRequest(string category, bool isSaid)
    {
        using var logs = Logs.Create(null);

        Assert.Equal(isSaid, logs.CreateLogger(category).IsEnabled(LogLevel.Information));
    }
}
