using System.Text;
using Strangler.CdcBridge.Secrets;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Patterns;

namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Replaces references such as <c>${file:/run/secrets/db.properties:password}</c> as Kafka Connect does, with the
/// providers that <c>config.providers</c> names. What Connect would leave as it is, because it can't be read, is a
/// fault.
/// </summary>
/// <param name="worker">The worker's properties.</param>
/// <param name="faults">Where faults are added.</param>
/// <param name="read">
/// Reads a secret. Null if there is none; an <see cref="IOException"/> says why it can't be read.
/// </param>
internal sealed class SecretReferences(
    IReadOnlyDictionary<string, string> worker,
    List<Fault> faults,
    Func<SecretReference, string?> read
)
{
    private const string Providers = "config.providers";

    private readonly HashSet<string> _referred = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of the properties that had references.</summary>
    public IReadOnlySet<string> Referred => _referred;

    /// <summary>The properties with the values that are meant.</summary>
    public Dictionary<string, string> Resolve(string section, IReadOnlyDictionary<string, string> properties)
    {
        var resolved = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in properties)
            resolved[name] = name.StartsWith(Providers, StringComparison.OrdinalIgnoreCase)
                ? value
                : Resolve(section, name, value);
        return resolved;
    }

    /// <summary>
    /// References are <c>${provider:key}</c> or <c>${provider:path:key}</c>; a key may have further colons. What is
    /// otherwise in braces isn't one, as in Kafka Connect.
    /// </summary>
    private string Resolve(string section, string name, string value)
    {
        var result = new StringBuilder(value.Length);
        var at = 0;
        while (value.IndexOf("${", at, StringComparison.Ordinal) is >= 0 and var begin)
        {
            var end = value.IndexOf('}', begin);
            if (end < 0)
                break;
            result.Append(value, at, begin - at);
            var whole = value[begin..(end + 1)];
            result.Append(
                whole[2..^1].Split(':', 3) switch
                {
                    [var alias, var key] => Value(section, name, whole, alias, "", key),
                    [var alias, var path, var key] => Value(section, name, whole, alias, path, key),
                    _ => whole,
                }
            );
            at = end + 1;
        }
        return result.Append(value, at, value.Length - at).ToString();
    }

    private string Value(string section, string name, string reference, string alias, string path, string key)
    {
        _referred.Add(name);
        try
        {
            if (Provider(alias) is { } provider && read(new SecretReference(provider, path, key)) is { } value)
                return value;
            Fault(
                "It refers to '{0}', which doesn't exist or isn't allowed.",
                "Correct the reference, or what it refers to."
            );
        }
        catch (IOException exception)
        {
            Fault(
                $"It refers to '{{0}}', which can't be read: {exception.Message.TrimEnd('.')}.",
                "Correct the reference, or what it refers to."
            );
        }
        catch (NotSupportedException exception)
        {
            Fault(
                $"It refers to '{{0}}', and {exception.Message}.",
                exception.InnerException is null ? WayOut(alias) : "Correct it; it is Java's, and matches a whole name."
            );
        }
        return "";

        void Fault(string problem, string wayOut) =>
            faults.Add(
                new Fault(
                    $"{section}:{PropertyTable.Shown(name)}",
                    problem.Replace("{0}", reference, StringComparison.Ordinal),
                    wayOut
                )
            );
    }

    /// <exception cref="NotSupportedException">There is none, or one of another kind.</exception>
    private ConfigProvider? Provider(string alias)
    {
        var names = worker.GetValueOrDefault(Providers, "").Split(',', StringSplitOptions.TrimEntries);
        if (!names.Contains(alias, StringComparer.Ordinal))
            throw new NotSupportedException($"'{Providers}' names no provider '{alias}'");
        var type = worker.GetValueOrDefault($"{Providers}.{alias}.class", "").Trim();
        ConfigProviderKind kind = type[(type.LastIndexOf('.') + 1)..] switch
        {
            "FileConfigProvider" => ConfigProviderKind.File,
            "DirectoryConfigProvider" => ConfigProviderKind.Directory,
            "EnvVarConfigProvider" => ConfigProviderKind.Environment,
            _ => throw new NotSupportedException($"'{Providers}.{alias}.class' is '{type}', which is not supported"),
        };
        var parameters = $"{Providers}.{alias}.param.";
        return new ConfigProvider(
            kind,
            worker
                .GetValueOrDefault($"{parameters}allowed.paths", "")
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            AllowedNames($"{parameters}allowlist.pattern")
        );
    }

    /// <exception cref="NotSupportedException">It is not a regular expression.</exception>
    private JavaPattern? AllowedNames(string name)
    {
        if (worker.GetValueOrDefault(name) is not { Length: > 0 } pattern)
            return null;
        try
        {
            return JavaPattern.Compile(pattern, name, ignoreCase: false);
        }
        catch (ArgumentException exception)
        {
            throw new NotSupportedException($"'{name}' is not a regular expression", exception);
        }
    }

    private static string WayOut(string alias) =>
        $"Set {Providers}={alias} and {Providers}.{alias}.class in the worker's file to Kafka's FileConfigProvider, "
        + "DirectoryConfigProvider or EnvVarConfigProvider.";
}
