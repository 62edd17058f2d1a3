using Strangler.Evidence.Gates;
using Xunit;

namespace Strangler.Evidence.Tests.Gates;

public sealed class RouteMomentTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Minutes before now at which stage and evidence began, and minutes that count.</summary>
    [Theory]
    [InlineData(Stage.Shadow, 90, 80, 80)]
    [InlineData(Stage.Shadow, 10, 80, 10)]
    [InlineData(Stage.Shadow, 90, null, 0)]
    [InlineData(Stage.Shadow, null, 80, 0)]
    [InlineData(Stage.Shadow, -5, 80, 0)]
    [InlineData(Stage.Lookup, 10, 80, 80)]
    [InlineData(Stage.Legacy, 90, 80, 0)]
    public void InStage_CountsTheTimeForWhichTheCurrentEvidenceWasMade(
        Stage stage,
        int? stageBegan,
        int? evidenceBegan,
        int counted
    )
    {
        var moment = new RouteMoment(stage, Before(stageBegan), null);

        Assert.Equal(TimeSpan.FromMinutes(counted), moment.InStage(Before(evidenceBegan), Now));
    }

    private static DateTimeOffset? Before(int? minutes) => minutes is { } some ? Now.AddMinutes(-some) : null;
}
