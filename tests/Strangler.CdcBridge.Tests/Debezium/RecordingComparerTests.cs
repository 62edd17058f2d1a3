using Xunit;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>
/// A comparer that finds nothing proves nothing: each change that it must find is planted in each recording.
/// </summary>
public sealed class RecordingComparerTests
{
    public static TheoryData<string> Cases => [.. GoldenCase.Names];

    [Fact]
    public void Cases_All_AreFound() => Assert.True(GoldenCase.Names.Count() >= 60);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compare_ARecordingWithItself_FindsNothing(string name)
    {
        var records = GoldenCase.Of(name).Records;

        Assert.NotEmpty(records);
        Assert.Empty(RecordingComparer.Compare(records, records));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compare_EachKindOfChangeInTheFirstAndLastRecordThatHasIt_IsFound(string name)
    {
        var records = GoldenCase.Of(name).Records;
        foreach (var planted in PlantedChange.All)
        {
            var places = records.Where(record => planted.Plant(record) is not null).ToList();
            foreach (var record in places.Take(1).Concat(places.TakeLast(1)).Distinct())
            {
                var topic = records.Where(other => other.Topic == record.Topic).ToList();
                Assert.Contains(
                    RecordingComparer.Compare(topic, Replace(topic, record, planted.Plant(record)!)),
                    line => line.Contains(planted.Found, StringComparison.Ordinal)
                );
            }
        }
    }

    [Fact]
    public void All_EachKindOfChange_IsPlantedSomewhere()
    {
        var records = GoldenCase.Of("keys-and-identity").Records;

        Assert.All(PlantedChange.All, planted => Assert.Contains(records, record => planted.Plant(record) is not null));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compare_OneRecordLessOrTwice_IsFound(string name)
    {
        var records = GoldenCase.Of(name).Records;

        Assert.Contains(RecordingComparer.Compare(records, records.Skip(1)), IsCount);
        Assert.Contains(RecordingComparer.Compare(records, records.Append(records[^1])), IsCount);
    }

    private static bool IsCount(string line) => line.Contains(" records, expected ", StringComparison.Ordinal);

    private static IEnumerable<RecordedRecord> Replace(
        IEnumerable<RecordedRecord> records,
        RecordedRecord record,
        RecordedRecord changed
    ) => records.Select(other => ReferenceEquals(other, record) ? changed : other);
}
