using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.ChangeLog.Tests;

/// <summary>How values of the configuration are written, in every section alike.</summary>
public sealed class SectionValuesTests
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Greatest = TimeSpan.FromDays(30);

    [Theory]
    [InlineData(null, 7, true)]
    [InlineData("1", 1, true)]
    [InlineData("100", 100, true)]
    [InlineData("0", 7, false)]
    [InlineData("101", 7, false)]
    [InlineData("", 7, false)]
    [InlineData(" 5", 7, false)]
    [InlineData("+5", 7, false)]
    [InlineData("-5", 7, false)]
    [InlineData("5.0", 7, false)]
    [InlineData("1,0", 7, false)]
    [InlineData("99999999999999999999", 7, false)]
    public void Number_Text_IsAWholeNumberWithinBounds(string? text, int value, bool right) =>
        AssertRead(text, value, right, values => values.Number("Member", 7, 1, 100));

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("0", 0.0, true)]
    [InlineData("1", 1.0, true)]
    [InlineData("0.25", 0.25, true)]
    [InlineData("0,25", null, false)]
    [InlineData("25 %", null, false)]
    [InlineData("1.01", null, false)]
    [InlineData("-0.1", null, false)]
    [InlineData("1e-1", null, false)]
    [InlineData("NaN", null, false)]
    public void Share_Text_IsFromZeroToOneWithAPoint(string? text, double? value, bool right) =>
        AssertRead(text, value, right, values => values.Share("Member"));

    [Theory]
    [InlineData(null, "00:00:05", true)]
    [InlineData("00:00:00.001", "00:00:00.001", true)]
    [InlineData("7.00:00:00", "7.00:00:00", true)]
    [InlineData("00:30", "00:30:00", true)]
    [InlineData("7", "00:00:05", false)]
    [InlineData("30s", "00:00:05", false)]
    [InlineData("-00:00:01", "00:00:05", false)]
    [InlineData("00:00:00", "00:00:05", false)]
    [InlineData("31.00:00:00", "00:00:05", false)]
    [InlineData("7.00:00:00 ", "7.00:00:00", true)]
    [InlineData("25:00:00", "00:00:05", false)]
    public void Time_Text_NeedsColonsAndIsWithinBounds(string? text, string value, bool right) =>
        AssertRead(
            text,
            TimeSpan.Parse(value, System.Globalization.CultureInfo.InvariantCulture),
            right,
            values => values.Time("Member", TimeSpan.FromSeconds(5), Least, Greatest)
        );

    [Theory]
    [InlineData(null, true, true)]
    [InlineData("false", false, true)]
    [InlineData("True", true, true)]
    [InlineData("1", true, false)]
    [InlineData("yes", true, false)]
    [InlineData("", true, false)]
    public void Flag_Text_IsTrueOrFalse(string? text, bool value, bool right) =>
        AssertRead(text, value, right, values => values.Flag("Member", true));

    private static void AssertRead<TValue>(string? text, TValue value, bool right, Func<SectionValues, TValue> read)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Section:Member"] = text })
            .Build();
        var faults = new List<Fault>();

        Assert.Equal(value, read(new SectionValues(configuration.GetSection("Section"), faults)));

        Assert.Equal(right ? [] : ["Section:Member"], faults.Select(fault => fault.Path));
        Assert.All(faults, fault => Assert.Contains($"'{text}'", fault.Problem, StringComparison.Ordinal));
    }
}
