using Strangler.Foundation.Patterns;

namespace Strangler.CdcBridge.Secrets;

/// <summary>A provider that the worker's <c>config.providers</c> names.</summary>
/// <param name="Kind">Which one it is.</param>
/// <param name="AllowedPaths">Files and folders must be within one of these; empty for any.</param>
/// <param name="AllowedNames">The names of environment variables must match; null for any.</param>
internal sealed record ConfigProvider(
    ConfigProviderKind Kind,
    IReadOnlyList<string> AllowedPaths,
    JavaPattern? AllowedNames
);
