using BenchmarkDotNet.Attributes;
using Shop.Projections;
using Shop.Projections.Rules;
using Shop.Projections.Tables;
using Strangler.Projections;

namespace Strangler.Benchmarks.Pure;

/// <summary>f of the sample's availability: one key with a handful of rows of every table, in twenty areas.</summary>
[MemoryDiagnoser]
public class ProjectionBenchmarks
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly Sku Key = Sku.Parse("000017", null);
    private Rows _rows = Rows.Of();

    [GlobalSetup]
    public void Make()
    {
        List<object> rows =
        [
            new Item("000017", "A", "PIECE", null),
            new ItemGroupMember("G1", "000017"),
            new ItemGroup("G1", "Group"),
            new Merchant("M1", "Merchant", false, 60),
            new UnitConversion("CASE", 12),
            new UnitConversion("PACK", 6),
        ];
        rows.AddRange(Enumerable.Range(1, 4).Select(site => new Site($"S{site}", site, true)));
        rows.AddRange(
            Enumerable.Range(1, 20).Select(area => new Area($"A{area:00}", $"R{area % 5}", $"S{1 + area % 4}"))
        );
        rows.AddRange(Enumerable.Range(1, 6).Select(id => new Warehouse(id, id, $"A{id:00}", "open", null)));
        rows.AddRange(Enumerable.Range(1, 6).Select(id => new WarehouseStock(id, "000017", id * 7, id % 2)));
        rows.AddRange(Enumerable.Range(1, 6).Select(id => new WarehouseSite(id, id, null)));
        rows.AddRange(
            Enumerable
                .Range(1, 6)
                .SelectMany(id =>
                    Enumerable
                        .Range(1, 10)
                        .Select(area => new WarehouseArea(id, $"A{area:00}", true, (short)(1 + id % 4)))
                )
        );
        rows.AddRange(
            Enumerable
                .Range(1, 5)
                .Select(id => new Reservation(
                    new Guid(id, 0, 0, new byte[8]),
                    "000017",
                    id,
                    1,
                    "active",
                    Now.AddHours(1)
                ))
        );
        rows.AddRange(
            Enumerable
                .Range(1, 8)
                .Select(id => new Offer(id, "M1", "000017", null, id, 10 + id, true, Now.AddMinutes(-5)))
        );
        _rows = Rows.Of([.. rows]);
    }

    [Benchmark]
    public Projected<AvailabilityDocument> Project() => ItemAvailability.Project(Key, _rows, Now);
}
