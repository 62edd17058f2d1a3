using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Reloading;

namespace Strangler.Cli;

/// <summary>
/// Reads the configuration again when the content of its files has changed. It looks at the content each second, which
/// works alike for editors that replace a file, links that are switched, and network drives that notify nobody.
/// </summary>
internal sealed class ConfigurationWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly IReadOnlyList<string> _files;
    private readonly Func<IConfigurationRoot> _read;
    private readonly TimeProvider _time;
    private string _taken;

    /// <summary>Made before the configuration is read the first time, so that no change is missed.</summary>
    /// <param name="files">As given on the command line.</param>
    /// <param name="read">Reads the configuration.</param>
    /// <param name="time">The clock.</param>
    public ConfigurationWatch(IReadOnlyList<string> files, Func<IConfigurationRoot> read, TimeProvider time)
    {
        (_files, _read, _time) = ([.. files.Select(Path.GetFullPath)], read, time);
        _taken = Content();
    }

    /// <summary>Each change, once it has settled for an interval: a file may be half written before.</summary>
    public async IAsyncEnumerable<ChangedConfiguration> ChangesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var last = _taken;
        while (true)
        {
            await Task.Delay(Interval, _time, cancellationToken);
            var now = Content();
            if (now == last && now != _taken)
            {
                _taken = now;
                yield return Read();
            }
            last = now;
        }
    }

    private ChangedConfiguration Read()
    {
        try
        {
            return new ChangedConfiguration(_read(), []);
        }
        catch (FaultException exception)
        {
            return new ChangedConfiguration(null, exception.Faults);
        }
        // such as for a file that vanishes between two looks at it: whatever it is, the next change is looked at
        catch (Exception exception)
        {
            return new ChangedConfiguration(
                null,
                [new Fault(_files[0], $"It can't be read ({exception.GetType().Name}).", "Correct it there.")]
            );
        }
    }

    /// <summary>A digest of all files, in their order, also of those that can't be read.</summary>
    private string Content()
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in ConfigurationFile.WithEnvironment(_files))
        {
            digest.AppendData(Encoding.UTF8.GetBytes(file));
            try
            {
                using var stream = File.OpenRead(file);
                digest.AppendData(SHA256.HashData(stream));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                digest.AppendData(Encoding.UTF8.GetBytes(exception.GetType().Name));
            }
        }
        return Convert.ToHexString(digest.GetHashAndReset());
    }
}
