using System.Globalization;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>The value of a TableRead record: the number of rows read.</summary>
internal static class TableReadRecord
{
    public static byte[] Value(long rows) =>
        System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"rows":{{rows}}}"""));
}
