using Microsoft.Extensions.Configuration;
using Strangler.ChangeLog.Configuration;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.ChangeLog.Tests.Configuration;

public sealed class LogOptionsReaderTests
{
    [Fact]
    public void Read_Nothing_IsTheDefaults() => Assert.Equal(new EmbeddedLogOptions(), Read([]).Options);

    [Fact]
    public void Read_EachKey_IsTaken()
    {
        var (options, faults) = Read(
            ("Log:Retention", "3.00:00:00"),
            ("Log:RetentionBytes", "50000"),
            ("Log:SegmentAge", "00:30:00"),
            ("Log:SegmentBytes", "1000"),
            ("Log:WaitPoll", "00:00:02")
        );

        Assert.Empty(faults);
        Assert.Equal(
            new EmbeddedLogOptions
            {
                Retention = TimeSpan.FromDays(3),
                RetentionBytes = 50_000,
                SegmentAge = TimeSpan.FromMinutes(30),
                SegmentBytes = 1_000,
                WaitPoll = TimeSpan.FromSeconds(2),
            },
            options
        );
    }

    [Theory]
    [InlineData("Log:Retention", "-1", "not a time of at least")]
    [InlineData("Log:RetentionBytes", "many", "not a whole number")]
    [InlineData("Log:SegmentAge", "soon", "not a time")]
    [InlineData("Log:SegmentBytes", "0", "not a whole number")]
    [InlineData("Log:WaitPoll", "00:00:00", "not a time")]
    public void Read_OneWrongValue_IsThatFault(string key, string value, string problem)
    {
        var (options, faults) = Read((key, value));

        Assert.Equal(new EmbeddedLogOptions(), options);
        var fault = Assert.Single(faults);
        Assert.Equal(key, fault.Path);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
    }

    private static (EmbeddedLogOptions Options, List<Fault> Faults) Read(params (string Key, string? Value)[] values)
    {
        var faults = new List<Fault>();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, value.Value)))
            .Build();
        return (LogOptionsReader.Read(configuration, faults), faults);
    }
}
