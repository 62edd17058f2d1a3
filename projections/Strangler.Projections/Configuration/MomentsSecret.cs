using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Files;

namespace Strangler.Projections.Configuration;

/// <summary>
/// The secret that a gateway sends with its questions: answers contain rows of the source, and any user of this machine
/// can connect to a local port. Gateway and projections read it from one file, which only its owner may read.
/// </summary>
public sealed class MomentsSecret
{
    /// <summary>The configuration key that names the file.</summary>
    public const string Path = "Projections:MomentsSecretFile";

    /// <summary>The file's name beside the configuration, unless the setting names another one.</summary>
    public const string DefaultName = "strangler.moments";

    private const string Scheme = "Bearer";
    private const int Bytes = 32;
    private readonly string? _file;
    private volatile string? _value;

    /// <param name="file">The file; null if none is configured, and no question is answered.</param>
    public MomentsSecret(string? file) => _file = file;

    /// <summary>Creates the file if it doesn't exist.</summary>
    /// <exception cref="FaultException">The file can't be written.</exception>
    public static void Ensure(string file)
    {
        if (!File.Exists(file))
            SecretFile.Write(
                Path,
                file,
                FileMode.CreateNew,
                $"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes))}\n"
            );
    }

    /// <summary>The message for callers without the secret.</summary>
    public string Refusal =>
        _file is null
            ? $"No secret is configured, so no question is answered. Name a file in '{Path}'."
            : $"The question doesn't show the secret of '{_file}'. Gateway and projections need the same file "
                + "and the right to read it; 'strangler migrate' creates it.";

    /// <summary>Adds the secret to a request; does nothing if none is configured.</summary>
    internal void AddTo(HttpRequestMessage request)
    {
        if ((_value ?? Read()) is { } value)
            request.Headers.Authorization = new AuthenticationHeaderValue(Scheme, value);
    }

    /// <summary>Called after the secret was refused: the file is read again for the next question.</summary>
    internal void Refused() => _value = null;

    /// <summary>
    /// Whether a request's Authorization header contains the secret. The file is read again if the value is unknown.
    /// </summary>
    internal bool IsShownBy(string? authorization) => IsEqual(_value, authorization) || IsEqual(Read(), authorization);

    private static bool IsEqual(string? value, string? authorization) =>
        value is not null
        && authorization is not null
        && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{Scheme} {value}")),
            SHA256.HashData(Encoding.UTF8.GetBytes(authorization))
        );

    /// <summary>Null if the file doesn't exist, can't be read, or is being written.</summary>
    private string? Read()
    {
        if (_file is null || SecretFile.Read(_file)?.Trim() is not { Length: 2 * Bytes } value)
            return null;
        return _value = value;
    }
}
