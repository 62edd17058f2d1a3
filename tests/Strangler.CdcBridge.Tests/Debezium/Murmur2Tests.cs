using System.Globalization;
using Xunit;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>Partitions as Kafka's own producer chose them for the keys of the recordings.</summary>
public sealed class Murmur2Tests
{
    private static readonly System.Text.Encoding Utf8 = System.Text.Encoding.UTF8;

    private const string Partitions = "topic.creation.default.partitions";

    public static TheoryData<string> PartitionedCases => [.. GoldenCase.Names.Where(IsPartitionedByKey)];

    [Theory]
    [MemberData(nameof(PartitionedCases))]
    public void FindPartition_KeysOfARecording_IsWhereKafkaPutThem(string name)
    {
        var golden = GoldenCase.Of(name);
        var partitions = int.Parse(golden.Properties[Partitions], CultureInfo.InvariantCulture);
        var keyed = golden.Records.Where(record => record.Key is not null).ToList();

        Assert.Equal(
            keyed.Select(record => $"{record.Key} in {record.Partition}"),
            keyed.Select(record => $"{record.Key} in {Murmur2.FindPartition(Utf8.GetBytes(record.Key!), partitions)}")
        );
    }

    [Fact]
    public void PartitionedCases_All_CoverEveryPartitionAndLengthOfTail()
    {
        var records = GoldenCase.Of("partitions").Records.Where(record => record.Key is not null).ToList();

        Assert.Equal(7, records.Select(record => record.Partition).Distinct().Count());
        Assert.Equal(4, records.Select(record => Utf8.GetByteCount(record.Key!) % 4).Distinct().Count());
    }

    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    public void Hash_TextsOfKafkasOwnTest_IsKafkasHash(string text, int hash) =>
        Assert.Equal(hash, unchecked((int)Murmur2.Hash(Utf8.GetBytes(text))));

    private static bool IsPartitionedByKey(string name) =>
        GoldenCase.Of(name) is { IsRouted: false } golden && golden.Properties.ContainsKey(Partitions);
}
