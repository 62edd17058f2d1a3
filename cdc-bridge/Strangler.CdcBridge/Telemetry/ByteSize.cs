using System.Globalization;

namespace Strangler.CdcBridge.Telemetry;

/// <summary>A number of bytes for people, in the units that PostgreSQL's settings have.</summary>
internal static class ByteSize
{
    private static readonly string[] Units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>Such as <c>512 bytes</c> or <c>1.5 GB</c>.</summary>
    public static string Text(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1024; unit++)
            value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {Units[unit]}");
    }
}
