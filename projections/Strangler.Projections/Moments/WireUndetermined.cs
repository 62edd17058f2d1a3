namespace Strangler.Projections.Moments;

internal sealed record WireUndetermined(UndeterminedReason Reason, string Detail);
