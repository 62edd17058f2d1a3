using System.Collections.Frozen;
using Strangler.Projections;

namespace Strangler.Gateway.Admin;

/// <summary>All projections whose documents this gateway can look up, whether or not a route uses them.</summary>
internal sealed class Responders(IReadOnlyList<IResponder> responders)
{
    private readonly FrozenDictionary<string, IResponder> _byName = responders
        .DistinctBy(responder => responder.Projection.Name)
        .ToFrozenDictionary(responder => responder.Projection.Name, StringComparer.Ordinal);

    public IReadOnlyList<string> Names => [.. _byName.Keys.Order(StringComparer.Ordinal)];

    public IResponder? Find(string projection) => _byName.GetValueOrDefault(projection);
}
