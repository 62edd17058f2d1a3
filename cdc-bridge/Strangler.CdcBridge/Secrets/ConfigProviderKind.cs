namespace Strangler.CdcBridge.Secrets;

/// <summary>Kafka's own providers of values that aren't in the configuration.</summary>
internal enum ConfigProviderKind
{
    /// <summary>A file of properties (<c>FileConfigProvider</c>).</summary>
    File,

    /// <summary>A folder with a file a key (<c>DirectoryConfigProvider</c>).</summary>
    Directory,

    /// <summary>Environment variables (<c>EnvVarConfigProvider</c>).</summary>
    Environment,
}
