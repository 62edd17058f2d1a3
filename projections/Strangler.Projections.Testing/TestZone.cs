using System.Buffers.Binary;

namespace Strangler.Projections.Testing;

/// <summary>
/// Another local time zone for this process, until it is disposed. It is made up, so that a machine without zones can
/// test it as well. Unix only: .NET reads the zone from the file that the variable TZ names.
/// </summary>
internal sealed class TestZone : IDisposable
{
    private const string Variable = "TZ";
    private readonly string _file = Path.GetTempFileName();
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    /// <exception cref="PlatformNotSupportedException">The zone can't be changed here.</exception>
    public TestZone(TimeSpan offset)
    {
        File.WriteAllBytes(_file, Zone(offset));
        Use(_file);
        if (TimeZoneInfo.Local.BaseUtcOffset == offset)
            return;
        Dispose();
        throw new PlatformNotSupportedException(
            "The time zone of this process can't be changed, so that nothing is known about other zones. "
                + "Run this check on Linux or macOS."
        );
    }

    public void Dispose()
    {
        Use(_before);
        File.Delete(_file);
    }

    private static void Use(string? zone)
    {
        Environment.SetEnvironmentVariable(Variable, zone);
        TimeZoneInfo.ClearCachedData();
    }

    /// <summary>A file of one offset without transitions (RFC 9636, section 3).</summary>
    private static byte[] Zone(TimeSpan offset)
    {
        const int Header = 44;
        const int TypeCount = 36;
        const int CharacterCount = 40;
        var bytes = new byte[Header + 6 + 4];
        "TZif"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(TypeCount), 1);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(CharacterCount), 4);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(Header), (int)offset.TotalSeconds);
        "TST"u8.CopyTo(bytes.AsSpan(Header + 6));
        return bytes;
    }
}
