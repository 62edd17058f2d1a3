using Strangler.Projections.Binding;

namespace Strangler.Projections.Applying;

/// <summary>f didn't return in time for a key. Its thread still runs, so the process must end.</summary>
internal sealed class KeyOverrunException(BoundProjection projection, KeyRows key, TimeSpan limit)
    : Exception(
        $"{projection.Model.Id.Name} did not answer for the key '{key.Key}' within {limit.TotalSeconds:0.###} s."
    )
{
    public BoundProjection Projection => projection;

    public KeyRows Key => key;
}
