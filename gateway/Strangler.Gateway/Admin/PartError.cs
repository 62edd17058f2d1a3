namespace Strangler.Gateway.Admin;

/// <summary>An error that a part has logged.</summary>
/// <param name="At">When.</param>
/// <param name="Text">Its text, on one line, without a stack trace.</param>
public sealed record PartError(DateTimeOffset At, string Text);
