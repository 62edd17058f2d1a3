namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>A record in the form in which two honest runs are equal.</summary>
internal sealed record ComparedRecord(string Key, IReadOnlyList<RecordedHeader> Headers, TokenizedText Value);
