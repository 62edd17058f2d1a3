using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Projections.Configuration;

namespace Strangler.Cli;

/// <summary>Files with secrets: creates ours, and warns of those that every user of this machine may read.</summary>
internal static partial class SecretFiles
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>
    /// Creates the admin API's tokens and, for projections, the secret of moments if they don't exist. If a file can't
    /// be created, that is reported, but prevents nothing else from running.
    /// </summary>
    public static void Ensure(IConfiguration configuration)
    {
        Try(() => AdminTokenFile.Ensure(configuration[AdminTokenFile.Path]!, AdminToken.Person));
        if (EnabledParts.Of(configuration).HasProjections)
            Try(() => MomentsSecret.Ensure(configuration[MomentsSecret.Path]!));

        static void Try(Action make)
        {
            try
            {
                make();
            }
            catch (FaultException exception)
            {
                FaultLines.Warn(Console.Error, exception.Faults);
            }
        }
    }

    /// <param name="files">The configuration files.</param>
    /// <param name="configuration">The configuration from the file and the environment.</param>
    public static IReadOnlyList<Fault> Warnings(IReadOnlyList<string> files, IConfiguration configuration)
    {
        var warnings = new List<Fault>();
        warnings.AddRange(
            ConfigurationFile
                .WithEnvironment(files)
                .Where(file => IsOpen(file) && HasSecrets(file))
                .Select(file => Warning(file, "passwords"))
        );
        if (configuration[AdminTokenFile.Path] is { } tokens && IsOpen(tokens))
            warnings.Add(Warning(tokens, "the admin API's tokens"));
        if (configuration[MomentsSecret.Path] is { } moments && IsOpen(moments))
            warnings.Add(Warning(moments, "the secret for questions of moments"));
        return warnings;
    }

    /// <summary>Whether a member of the configuration is, or contains, a secret.</summary>
    internal static bool IsSecret(string key, string? value) =>
        value is { Length: > 0 }
        && (SecretKey().IsMatch(key) || PasswordWithin().IsMatch(value) || UserInfo.Hide(value) != value);

    private static Fault Warning(string file, string what) =>
        new(
            file,
            $"It holds {what}, and every user of this machine may read it (mode "
                + $"{Convert.ToString((int)Mode(file), 8)}).",
            $"Run: chmod 600 '{file}'"
        );

    private static bool HasSecrets(string file) =>
        new ConfigurationBuilder().AddJsonFile(file).Build().AsEnumerable().Any(pair => IsSecret(pair.Key, pair.Value));

    private static bool IsOpen(string file) => File.Exists(file) && (Mode(file) & Others) != 0;

    private static UnixFileMode Mode(string file) =>
        OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(file);

    [GeneratedRegex(
        "(password|HashKey|:(Keys|SigningKeys):[^:]+:Value)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex SecretKey();

    [GeneratedRegex(
        @"(^|;)\s*(password|pwd|ssl password)\s*=\s*[^;\s]",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex PasswordWithin();
}
