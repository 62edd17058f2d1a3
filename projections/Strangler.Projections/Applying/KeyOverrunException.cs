using Strangler.Projections.Binding;

namespace Strangler.Projections.Applying;

/// <summary>f didn't return in time for a key. Its thread still runs, so the process must end.</summary>
internal sealed class KeyOverrunException(BoundProjection projection, KeyRows key, TimeSpan limit)
    : Exception(Text(projection, key, limit))
{
    public BoundProjection Projection => projection;

    public KeyRows Key => key;

    /// <summary>Says that f didn't return in time.</summary>
    public static string Text(BoundProjection projection, KeyRows key, TimeSpan limit) =>
        $"{projection.Model.Id.Name} did not answer for the key '{key.Key}' within {limit.TotalSeconds:0.###} s.";
}
