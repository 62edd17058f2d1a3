using CsCheck;
using Strangler.Demo.Show;
using Xunit;

namespace Strangler.Cli.Tests.Show;

public sealed class CallTreeTests
{
    [Fact]
    public void Of_NoRequests_IsNone() => Assert.Equal(CallTree.None, CallTree.Of([]));

    [Fact]
    public void Of_ChainAndBranches_CountsAllAndTheLongestChain()
    {
        var tree = CallTree.Of([
            new("a", "client", "front"),
            new("b", "a", "x"),
            new("c", "a", "y"),
            new("d", "c", "z"),
            new("e", "d", "w"),
        ]);

        Assert.Equal(new CallTree(5, 4), tree);
    }

    [Fact]
    public void Of_AnyTree_DoesNotDependOnTheOrderOfItsRequests() =>
        // Each request's caller is an earlier one; the first one's is the client.
        Gen.Int[0, 1_000]
            .Array[1, 25]
            .SelectMany(callers => Gen.Shuffle(Calls(callers)).Select(shuffled => (callers, shuffled)))
            .Sample(pair =>
            {
                var depths = new int[pair.callers.Length];
                for (var i = 0; i < depths.Length; i++)
                    depths[i] = i == 0 ? 1 : depths[pair.callers[i] % i] + 1;
                return CallTree.Of(pair.shuffled) == new CallTree(pair.callers.Length, depths.Max());
            });

    private static Call[] Calls(int[] callers) =>
        [.. callers.Select((caller, i) => new Call($"s{i}", i == 0 ? "client" : $"s{caller % i}", "service"))];
}
