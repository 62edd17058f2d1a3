namespace Strangler.ChangeLog;

/// <summary>A header of a record.</summary>
/// <param name="Name">Its name; several headers of a record may have the same.</param>
/// <param name="Value">
/// UTF-8 text, as Kafka Connect's simple converter writes it; null for a header without a value.
/// </param>
public sealed record LogHeader(string Name, string? Value);
