namespace Strangler.Evidence.Storing;

/// <summary>A bucket of a side's durations.</summary>
internal sealed record DurationRow(string Side, int Bucket, long N, long Most);
