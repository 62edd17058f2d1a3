namespace Strangler.Projections.Moments;

internal sealed record WireDoubt(UndeterminedReason Reason, string Detail);
