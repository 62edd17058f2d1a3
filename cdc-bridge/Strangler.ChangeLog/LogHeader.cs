namespace Strangler.ChangeLog;

/// <summary>A header of a record: UTF-8 text, as Kafka Connect's simple converter writes it.</summary>
public sealed record LogHeader(string Name, string Value);
