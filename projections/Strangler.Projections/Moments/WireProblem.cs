namespace Strangler.Projections.Moments;

/// <summary>Why there is no answer.</summary>
internal sealed record WireProblem(string Problem);
