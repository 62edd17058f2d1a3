using System.Text.Json;
using CsCheck;
using Strangler.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(KafkaBroker))]
[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Strangler.ChangeLog.Tests;

public sealed class PositionTests
{
    private static readonly Gen<Position> Positions = Gen.Select(
        Gen.Int[0, 5],
        Gen.ULong,
        Gen.OneOf(Gen.Int[0, 1_000], Gen.Const(int.MaxValue)),
        (epoch, lsn, ordinal) => new Position(epoch, new Lsn(lsn), ordinal)
    );

    private static readonly JsonSerializerOptions Fields = new() { IncludeFields = true };

    [Fact]
    public void ToString_AnyPosition_IsParsedBack() =>
        Positions.Sample(position => Position.Parse(position.ToString()) == position);

    [Fact]
    public void CompareTo_TwoPositions_OrdersByEpochThenCommitThenOrdinal() =>
        Gen.Select(Positions, Positions)
            .Sample(
                (left, right) =>
                    left.CompareTo(right)
                    == (left.Epoch, left.Commit.Value, left.Ordinal).CompareTo(
                        (right.Epoch, right.Commit.Value, right.Ordinal)
                    )
            );

    [Theory]
    [InlineData("")]
    [InlineData("1:16/B374D848")]
    [InlineData("1:16/B374D848:-1")]
    [InlineData("1:16B374D848:0")]
    [InlineData("x:16/B374D848:0")]
    [InlineData("1:16/B374D8480:0")]
    [InlineData("1: 16/B374D848:0")]
    public void Parse_MalformedText_Throws(string text) => Assert.Throws<FormatException>(() => Position.Parse(text));

    [Fact]
    public void Json_AnyPosition_IsItsText() =>
        Positions.Sample(position =>
            JsonSerializer.Serialize((position, position.Commit), Fields)
                == $$"""{"Item1":"{{position}}","Item2":"{{position.Commit}}"}"""
            && JsonSerializer.Deserialize<Position>($"\"{position}\"") == position
            && JsonSerializer.Deserialize<Lsn>($"\"{position.Commit}\"") == position.Commit
        );

    [Theory]
    [InlineData("\"1:16\"")]
    [InlineData("null")]
    [InlineData("7")]
    public void Json_OfNoPosition_Throws(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Position>(json));
}
