using System.Collections;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Model;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// The features of a request that is sent to legacy again: once YARP has found where it may go, it may go only to the
/// destination that answered the first time, if the cluster still has it. A host's own pipeline of YARP isn't touched.
/// </summary>
/// <param name="destination">Null if it may go anywhere.</param>
internal sealed class ReplayFeatures(DestinationState? destination) : IFeatureCollection
{
    private readonly FeatureCollection _features = [];

    public bool IsReadOnly => false;

    public int Revision => _features.Revision;

    public object? this[Type key]
    {
        get => _features[key];
        set => _features[key] = Directed(value);
    }

    public TFeature? Get<TFeature>() => _features.Get<TFeature>();

    public void Set<TFeature>(TFeature? instance) => _features.Set((TFeature?)Directed(instance));

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private object? Directed(object? feature)
    {
        if (
            destination is not null
            && feature is IReverseProxyFeature proxy
            && proxy.AvailableDestinations.Contains(destination)
        )
            proxy.AvailableDestinations = [destination];
        return feature;
    }
}
