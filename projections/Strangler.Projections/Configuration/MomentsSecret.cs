using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Files;

namespace Strangler.Projections.Configuration;

/// <summary>
/// What a gateway shows in order to be answered: answers hold rows of the source, and any user of this machine may
/// connect to a port of it. Gateway and projections read it from one file, which only its owner may read.
/// </summary>
public sealed class MomentsSecret
{
    /// <summary>Where the configuration names the file.</summary>
    public const string Path = "Projections:MomentsSecretFile";

    private const string Scheme = "Bearer";
    private const int Bytes = 32;
    private readonly string? _file;
    private volatile string? _value;

    /// <param name="file">Null: there is none, and nobody is answered.</param>
    public MomentsSecret(string? file) => _file = file;

    /// <summary>Makes the file where it does not exist.</summary>
    /// <exception cref="FaultException">It cannot be written.</exception>
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

    /// <summary>What is said to whoever doesn't have it.</summary>
    public string Refusal =>
        _file is null
            ? $"No secret is configured, so no question is answered. Name a file in '{Path}'."
            : $"The question doesn't show the secret of '{_file}'. Gateway and projections need the same file "
                + "and the right to read it; 'strangler migrate' makes it.";

    /// <summary>Shows it; nothing where there is none.</summary>
    internal void AddTo(HttpRequestMessage request)
    {
        if ((_value ?? Read()) is { } value)
            request.Headers.Authorization = new AuthenticationHeaderValue(Scheme, value);
    }

    /// <summary>It was refused: the file is read again for the next question.</summary>
    internal void Refused() => _value = null;

    /// <summary>Whether a request's Authorization shows it. The file is read again for one that is not known.</summary>
    internal bool IsShownBy(string? authorization) => IsEqual(_value, authorization) || IsEqual(Read(), authorization);

    private static bool IsEqual(string? value, string? authorization) =>
        value is not null
        && authorization is not null
        && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{Scheme} {value}")),
            SHA256.HashData(Encoding.UTF8.GetBytes(authorization))
        );

    /// <summary>Null: the file isn't there, may not be read, or is being written just now.</summary>
    private string? Read()
    {
        if (_file is null || SecretFile.Read(_file)?.Trim() is not { Length: 2 * Bytes } value)
            return null;
        return _value = value;
    }
}
