using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Faults;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Sessions;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.CdcBridge.Tests.Sessions;

public sealed class SessionEndTests
{
    private static readonly BridgeConfig Config = BridgeConfigReader.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Store:ConnectionString"] = "Host=store;Database=strangler",
                    ["Source:topic.prefix"] = "shop",
                    ["Source:database.hostname"] = "source",
                    ["Source:database.user"] = "shop",
                    ["Source:database.password"] = "secret",
                    ["Source:database.dbname"] = "shop",
                }
            )
            .Build()
    );

    private static readonly IOException Lost = new("lost");
    private static readonly HistoryDifference Difference = new HistoryDifference.NotSent(new Lsn(8), 7, default);
    private static readonly Fault Fault = new("Source", "It is broken.", "Fix it.");

    [Fact]
    public void Of_AnotherHistory_KeepsTheDifference() =>
        Assert.Equal(new SessionEnd.AnotherHistory(Difference), Of(new AnotherHistoryException(Difference)));

    [Fact]
    public void Of_AbandonedStream_IsNoLostConnection() =>
        Assert.Equal(new SessionEnd.StreamAbandoned(), Of(new StreamAbandonedException("it is")));

    [Fact]
    public void Of_SpillWithoutRoom_IsNoLostConnection() =>
        Assert.Equal(new SessionEnd.SpillFull(), Of(new SpillFullException("it is full")));

    [Fact]
    public void Of_EarlySendThatFails_IsNoLostConnection() =>
        Assert.Equal(
            new SessionEnd.EarlySendFailed(),
            Of(new EarlySendFailedException(new PostgresException("it fails", "ERROR", "ERROR", "XX000")))
        );

    [Fact]
    public void Of_Fault_PassesOnlyIfALostConnectionIsBehindIt()
    {
        Assert.Equal(new SessionEnd.Faulted(false), Of(new FaultException(Fault)));
        Assert.Equal(new SessionEnd.Faulted(false), Of(new FaultException(Fault, new InvalidOperationException())));
        Assert.Equal(new SessionEnd.Faulted(true), Of(new FaultException(Fault, Lost)));
    }

    [Theory]
    [InlineData(PostgresErrorCodes.DiskFull, true, true, "has no room left")]
    [InlineData(PostgresErrorCodes.DiskFull, false, false, "has no room left")]
    [InlineData(PostgresErrorCodes.InsufficientPrivilege, true, false, "is not permitted")]
    [InlineData(PostgresErrorCodes.DeadlockDetected, false, false, "The store does not work")]
    public void Of_StoreError_PassesWhileThereIsPatience(string state, bool isPatient, bool passes, string problem)
    {
        var end = Assert.IsType<SessionEnd.StoreFailed>(
            Of(new StoreException(Error(state)), MissingObject.None, isPatient)
        );

        Assert.Equal(passes, end.Passes);
        Assert.Contains(problem, end.Fault?.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_StoreErrorWithoutAFault_PassesWhateverThePatience() =>
        Assert.Equal(new SessionEnd.StoreFailed(true, null), Of(new StoreException(Lost)));

    [Fact]
    public void Of_MissingObject_IsWhatTheStreamLacked()
    {
        var error = Error(PostgresErrorCodes.UndefinedObject);

        var slot = Assert.IsType<SessionEnd.Failed>(Of(error, MissingObject.Slot));

        Assert.False(slot.Passes);
        Assert.Contains("It was dropped", slot.Fault?.Problem, StringComparison.Ordinal);
        Assert.Equal(new SessionEnd.MissingPublication(), Of(error, MissingObject.Publication));
        Assert.Equal(new SessionEnd.Failed(true, null), Of(error, MissingObject.Unknown));
        Assert.Equal(new SessionEnd.Failed(false, null), Of(error));
    }

    [Fact]
    public void Of_ConversionError_HasAFaultInCaseItComesAgain()
    {
        var end = Assert.IsType<SessionEnd.Unconverted>(Of(Error(PostgresErrorCodes.CharacterNotInRepertoire)));

        Assert.Contains("can't convert a text", end.Fault?.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AnyOtherError_PassesIfItIsALostConnection()
    {
        var taken = Assert.IsType<SessionEnd.Failed>(Of(Error(PostgresErrorCodes.ObjectInUse)));

        Assert.False(taken.Passes);
        Assert.NotNull(taken.Fault);
        Assert.Equal(new SessionEnd.Failed(true, null), Of(Lost));
        Assert.Equal(new SessionEnd.Failed(false, null), Of(new InvalidOperationException()));
    }

    private static SessionEnd Of(
        Exception exception,
        MissingObject missing = MissingObject.None,
        bool isPatient = false
    ) => SessionEnd.Of(exception, missing, isPatient, Config, Position.EndOf(1, new Lsn(16)));

    private static PostgresException Error(string state) => new("it is so", "ERROR", "ERROR", state);
}
