namespace Strangler.CdcBridge.Secrets;

/// <summary>A part of a value that stands for a secret elsewhere: <c>${provider:path:key}</c>.</summary>
/// <param name="Provider">How it is read.</param>
/// <param name="Path">A file or a folder; empty for an environment variable.</param>
/// <param name="Key">Its name there.</param>
internal sealed record SecretReference(ConfigProvider Provider, string Path, string Key);
