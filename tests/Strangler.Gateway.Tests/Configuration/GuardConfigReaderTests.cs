using Microsoft.Extensions.Configuration;
using Strangler.Evidence.Gates;
using Strangler.Evidence.Guards;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;
using Xunit;

namespace Strangler.Gateway.Tests.Configuration;

public sealed class GuardConfigReaderTests
{
    [Fact]
    public void Read_NoSection_WatchesForTheFirstWrongPart()
    {
        var (rules, faults) = Read();

        Assert.Empty(faults);
        Assert.Equal(GuardRules.Default, rules);
        Assert.Equal((GuardAction.Rollback, Stage.Shadow, 0L), (rules.Action, rules.RollbackTo, rules.MaxWrong));
    }

    [Fact]
    public void Read_MismatchRate_ReplacesTheNumber()
    {
        Assert.Null(Read(("MaxMismatchRate", "0.01")).Rules.MaxWrong);
        Assert.Equal(3, Read(("MaxMismatchRate", "0.01"), ("MaxWrong", "3")).Rules.MaxWrong);
        Assert.Null(Read(("MaxWrong", "none")).Rules.MaxWrong);
    }

    [Theory]
    [InlineData("Action", "canary", "this version has no such stage")]
    [InlineData("Action", "stop", "is not what a guard can do")]
    [InlineData("RollbackTo", "lookup", "is not a stage in which the call graph answers")]
    [InlineData("MaxWrong", "1000", "is not a whole number from 0 to 999")]
    [InlineData("MaxWrong", "None", "is not a whole number from 0 to 999")]
    [InlineData("MaxLag", "30", "is not a time")]
    [InlineData("MaxErrors", "2", "is not a share")]
    [InlineData("MaxWrongs", "1", "MaxWrongs")]
    public void Read_FaultyMember_IsASentence(string member, string value, string sentence)
    {
        var fault = Assert.Single(Read((member, value)).Faults);

        Assert.Equal($"Guards:{member}", fault.Path);
        Assert.Contains(sentence, $"{fault}", StringComparison.Ordinal);
    }

    private static (GuardRules Rules, List<Fault> Faults) Read(params (string Member, string Value)[] members)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                members.Select(member => KeyValuePair.Create<string, string?>($"Guards:{member.Member}", member.Value))
            )
            .Build();
        var faults = new List<Fault>();
        return (new GuardConfigReader(configuration.GetSection("Guards"), faults).Read(), faults);
    }
}
