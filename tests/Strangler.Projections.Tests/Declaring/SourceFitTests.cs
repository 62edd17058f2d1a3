using Strangler.Foundation.Faults;
using Strangler.Projections.Declaring;
using Strangler.Projections.Tests.Applying;
using Xunit;

namespace Strangler.Projections.Tests.Declaring;

public sealed class SourceFitTests
{
    [Fact]
    public void Faults_EveryTableFits_AreNone() =>
        Assert.Empty(
            SourceFit.Faults(
                [Stocks.Model(), Offers.Model()],
                [
                    new(Stocks.Schema, null),
                    new(Offers.Schema, null),
                    new(Stocks.Schema with { Table = "other" }, Obstacle),
                ]
            )
        );

    [Fact]
    public void Faults_TablesThatLackDoNotComeOrDoNotFit_AreAllSaidAtOnceWithTheirReaders()
    {
        var unfit = Stocks.Schema with { Columns = [.. Stocks.Schema.Columns.Where(column => column.Name != "note")] };

        var missing = SourceFit.Faults(
            [Stocks.Model(), Offers.Model()],
            [new(unfit, null), new(Stocks.Schema with { Schema = "Shop", Table = "Offer" }, null)]
        );
        var uncaptured = Assert.Single(SourceFit.Faults([Stocks.Model(), Stocks.Model("v2")], [new(unfit, Obstacle)]));

        Assert.Equal(["public.offer", "public.stock.note"], missing.Select(fault => fault.Path).Order());
        Assert.Contains(
            missing,
            fault =>
                fault.Problem.Contains("'Offers' reads it", StringComparison.Ordinal)
                && fault.WayOut.Contains("'Shop.Offer'", StringComparison.Ordinal)
        );
        Assert.Contains(missing, fault => fault.Problem.Contains("no column 'note'", StringComparison.Ordinal));
        Assert.Equal(Obstacle with { Problem = "It is a view. 'Stocks' reads it." }, uncaptured);
    }

    private static readonly Fault Obstacle = new("public.stock", "It is a view.", "Declare its tables.");
}
