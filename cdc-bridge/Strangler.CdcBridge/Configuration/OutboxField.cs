namespace Strangler.CdcBridge.Configuration;

/// <summary>A further column of an outbox row.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Place">Where it goes.</param>
/// <param name="Alias">Its name there.</param>
internal sealed record OutboxField(string Column, OutboxPlace Place, string Alias);
