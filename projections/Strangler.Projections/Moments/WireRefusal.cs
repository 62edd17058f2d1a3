namespace Strangler.Projections.Moments;

internal sealed record WireRefusal(string Problem, string WayOut);
