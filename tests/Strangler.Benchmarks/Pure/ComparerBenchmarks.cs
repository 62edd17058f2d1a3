using System.Text;
using BenchmarkDotNet.Attributes;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Rules;
using Strangler.Projections;

namespace Strangler.Benchmarks.Pure;

/// <summary>Comparing two answers, of the size of one area's and of a document with every area.</summary>
[MemoryDiagnoser]
public class ComparerBenchmarks
{
    private Answer _legacy = Answer.Empty(200);
    private Answer _same = Answer.Empty(200);
    private Answer _reordered = Answer.Empty(200);
    private Answer _different = Answer.Empty(200);

    /// <summary>How many areas an answer contains; one is about 500 bytes.</summary>
    [Params(1, 40)]
    public int Areas { get; set; }

    [GlobalSetup]
    public void Make()
    {
        _legacy = Json(Text(Areas, reordered: false, 12));
        _same = Json(Text(Areas, reordered: false, 12));
        _reordered = Json(Text(Areas, reordered: true, 12));
        _different = Json(Text(Areas, reordered: true, 13));
    }

    [Benchmark(Baseline = true)]
    public bool TheSameBytes() => Comparer.Compare(_legacy, _same, ComparisonRules.Exact).Equal;

    [Benchmark]
    public bool MembersInAnotherOrder() => Comparer.Compare(_legacy, _reordered, ComparisonRules.Exact).Equal;

    [Benchmark]
    public int ADifferenceInEachArea() =>
        Comparer.Compare(_legacy, _different, ComparisonRules.Exact).Differences.Count;

    private static Answer Json(string text) => Answer.Json(200, Encoding.UTF8.GetBytes(text));

    private static string Text(int areas, bool reordered, int quantity)
    {
        var lines = Enumerable
            .Range(0, areas)
            .Select(area =>
            {
                var warehouses = string.Join(
                    ',',
                    Enumerable
                        .Range(1, 6)
                        .Select(id =>
                            reordered
                                ? $$"""{"leadDays":{{id % 4}},"quantity":{{id * 3}},"id":{{id}}}"""
                                : $$"""{"id":{{id}},"quantity":{{id * 3}},"leadDays":{{id % 4}}}"""
                        )
                );
                const string status = "\"IN_STOCK\"";
                return reordered
                    ? $$"""{"quantity":{{quantity}},"warehouses":[{{warehouses}}],"status":"""
                        + $$"""{{status}},"price":"12.50","area":"area-{{area}}","sku":"SKU-000017"}"""
                    : $$"""{"sku":"SKU-000017","area":"area-{{area}}","status":{{status}},"quantity":"""
                        + $$"""{{quantity}},"price":"12.50","warehouses":[{{warehouses}}]}""";
            });
        return $$"""{"areas":[{{string.Join(',', lines)}}]}""";
    }
}
