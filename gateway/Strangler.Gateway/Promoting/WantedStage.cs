using Strangler.Evidence.Gates;

namespace Strangler.Gateway.Promoting;

/// <summary>A change of a route's stage that somebody asks for.</summary>
/// <param name="To">The stage.</param>
/// <param name="Who">Who asks.</param>
/// <param name="Why">Why.</param>
/// <param name="Force">Whether it bypasses the gate.</param>
/// <param name="Version">
/// The version of the stage on which it was decided. Null if the current one is as good as any.
/// </param>
internal sealed record WantedStage(Stage To, string Who, string Why, bool Force = false, int? Version = null);
