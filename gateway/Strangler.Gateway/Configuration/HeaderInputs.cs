using System.Collections.Frozen;

namespace Strangler.Gateway.Configuration;

/// <summary>What a route says of request headers that change what servers answer. Names are in any case.</summary>
/// <param name="Declared">Respond gets these.</param>
/// <param name="Ignored">Legacy answers alike whatever these say.</param>
/// <param name="Defaults">Values with which legacy answers as without the header.</param>
internal sealed record HeaderInputs(
    IReadOnlySet<string> Declared,
    IReadOnlySet<string> Ignored,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Defaults
)
{
    public static readonly HeaderInputs None = new(
        FrozenSet<string>.Empty,
        FrozenSet<string>.Empty,
        FrozenDictionary<string, IReadOnlyList<string>>.Empty
    );
}
