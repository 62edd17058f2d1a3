using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Strangler.Architecture.Tests.Documentation;

/// <summary>A configuration that records which keys were queried by name, with or without a value.</summary>
internal sealed class RecordingConfiguration(IConfiguration inner) : IConfiguration
{
    private readonly IConfiguration _inner = inner;
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Full paths.</summary>
    public IReadOnlySet<string> Asked => _asked;

    public string? this[string key]
    {
        get
        {
            _asked.Add(key);
            return _inner[key];
        }
        set => throw new NotSupportedException();
    }

    public IEnumerable<IConfigurationSection> GetChildren() =>
        _inner.GetChildren().Select(child => new Section(this, child.Path));

    public IChangeToken GetReloadToken() => _inner.GetReloadToken();

    public IConfigurationSection GetSection(string key)
    {
        _asked.Add(key);
        return new Section(this, key);
    }

    private sealed class Section(RecordingConfiguration owner, string path) : IConfigurationSection
    {
        public string Key => ConfigurationPath.GetSectionKey(path);

        public string Path => path;

        public string? Value
        {
            get => owner._inner[path];
            set => throw new NotSupportedException();
        }

        public string? this[string key]
        {
            get => owner[$"{path}:{key}"];
            set => throw new NotSupportedException();
        }

        public IEnumerable<IConfigurationSection> GetChildren() =>
            owner._inner.GetSection(path).GetChildren().Select(child => new Section(owner, child.Path));

        public IChangeToken GetReloadToken() => owner.GetReloadToken();

        public IConfigurationSection GetSection(string key) => owner.GetSection($"{path}:{key}");
    }
}
