using Strangler.CdcBridge.Offsets;
using Xunit;

namespace Strangler.CdcBridge.Tests.Offsets;

/// <summary>Every combination, spelled out: R resumes, N begins a new epoch, S stops.</summary>
public sealed class StartTableTests
{
    // The columns: at place, behind, ahead, missing, lost, foreign; each without and with a loss.
    private static readonly Dictionary<string, string> Table = new()
    {
        ["Same"] = "RS RS RS NS NS SS",
        ["OtherAddress"] = "RS RS RS NS NS SS",
        ["RolledBack"] = "NN NN NN NN NN SS",
        ["BranchedBefore"] = "NN NN NN NN NN SS",
        ["BranchedAfter"] = "RS RS RS NN NN SS",
        ["OtherCluster"] = "SS SS SS NN SS SS",
    };

    [Fact]
    public void Of_EveryHistorySlotAndLoss_IsAsWrittenDown()
    {
        var histories = Enum.GetValues<SourceHistory>();
        var places = Enum.GetValues<SlotPlace>();

        var actual = histories.ToDictionary(
            history => history.ToString(),
            history =>
                string.Join(
                    ' ',
                    places.Select(place => $"{Letter(history, place, false)}{Letter(history, place, true)}")
                )
        );

        Assert.Equal(Table.OrderBy(row => row.Key), actual.OrderBy(row => row.Key));
        Assert.Equal(
            ["AtPlace", "Behind", "Ahead", "Missing", "Lost", "Foreign"],
            places.Select(place => place.ToString())
        );
    }

    private static char Letter(SourceHistory history, SlotPlace place, bool loss) =>
        StartTable.Of(history, place, loss) switch
        {
            StartAction.Resume => 'R',
            StartAction.NewEpoch => 'N',
            StartAction.Stop => 'S',
            var other => throw new InvalidOperationException(other.ToString()),
        };
}
