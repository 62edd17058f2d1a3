namespace Strangler.Evidence.Rendering.Html;

/// <summary>One bar of a chart over time.</summary>
/// <param name="At">When its span begins.</param>
/// <param name="Span">How long its span is.</param>
/// <param name="Counts">What is stacked, from the bottom up; one for each colour of the chart.</param>
internal readonly record struct StackedBar(DateTimeOffset At, TimeSpan Span, IReadOnlyList<long> Counts);
