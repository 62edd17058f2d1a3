using CsCheck;
using Strangler.Projections.Moments;
using Xunit;

namespace Strangler.Projections.Tests.Moments;

/// <summary>The memory that an answer of the projections takes while it is read.</summary>
public sealed class BudgetedBufferTests
{
    [Fact]
    public async Task ReadAsync_AnyAnswerAndBudget_IsReadWithinItOrRefusedAndAllIsGivenBack() =>
        await Gen.Select(Gen.Int[0, 300_000], Gen.Int[0, 600_000], Gen.Int[1, 40_000])
            .SampleAsync(
                async one =>
                {
                    var (length, most, piece) = one;
                    var budget = new Budget(most);
                    var bytes = new byte[length];
                    new Random(length).NextBytes(bytes);
                    using (var buffer = new BudgetedBuffer(budget, 1 << 20))
                    {
                        try
                        {
                            await buffer.ReadAsync(new Pieces(bytes, piece), CancellationToken.None);
                            Assert.True(buffer.Written.SequenceEqual(bytes));
                            Assert.True(budget.Held >= length);
                        }
                        catch (MomentsUnavailableException)
                        {
                            Assert.True(budget.HasRefused);
                        }
                    }
                    Assert.Equal(0, budget.Held);
                },
                iter: 300
            );

    [Fact]
    public async Task ReadAsync_MoreThanAnAnswerMayHave_IsRefused()
    {
        using var buffer = new BudgetedBuffer(null, 100_000);

        var refused = await Assert.ThrowsAsync<MomentsUnavailableException>(() =>
            buffer.ReadAsync(new MemoryStream(new byte[100_001]), TestContext.Current.CancellationToken)
        );

        Assert.Equal("The projections' answer has more than 100000 bytes.", refused.Message);
    }

    private sealed class Budget(long most) : IByteBudget
    {
        public long Held { get; private set; }

        public bool HasRefused { get; private set; }

        public bool TryTake(long bytes)
        {
            HasRefused |= Held + bytes > most;
            if (Held + bytes > most)
                return false;
            Held += bytes;
            return true;
        }

        public void Give(long bytes) => Held -= bytes;
    }

    /// <summary>Returns at most one piece per read.</summary>
    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
