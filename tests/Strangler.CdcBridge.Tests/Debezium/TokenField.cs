namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>A field of a JSON object; the name is spelt as in the text, with its quotes and escapes.</summary>
internal sealed record TokenField(string Name, TokenTree Value);
