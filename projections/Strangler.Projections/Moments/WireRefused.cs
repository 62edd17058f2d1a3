namespace Strangler.Projections.Moments;

internal sealed record WireRefused(string Problem, string WayOut);
