using System.Globalization;
using System.Text;
using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Applying;

/// <summary>
/// Runs f for one key. No I/O: rows and time are passed as data, and an exception of the team's code is an outcome.
/// </summary>
internal static class FunctionRunner
{
    private const int RowsTextLimit = 64 * 1024;

    public static KeyOutcome Compute(BoundProjection projection, KeyRows gathered, DateTimeOffset now)
    {
        if (!gathered.Named)
            return new KeyOutcome.Made(gathered.Key, null, null);
        try
        {
            var computed = projection.Model.Compute(gathered.Key, RowsOf(projection, gathered), now);
            if (computed.RecomputeAt is { } due && due <= now)
            {
                return Failed(
                    $"RecomputeAt {due.ToString("O", CultureInfo.InvariantCulture)} isn't after the time "
                        + $"{now.ToString("O", CultureInfo.InvariantCulture)} for which the document was made."
                );
            }
            return new KeyOutcome.Made(gathered.Key, computed.Bytes, computed.RecomputeAt)
            {
                LegacyReason = computed.LegacyReason,
            };
        }
#pragma warning disable CA1031 // any exception of the team's code quarantines this key and no other
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Failed(exception.ToString());
        }

        KeyOutcome.Failed Failed(string error) =>
            new(gathered.Key, error.Replace("\0", "", StringComparison.Ordinal), RowsText(projection, gathered));
    }

    private static Rows RowsOf(BoundProjection projection, KeyRows gathered) =>
        new(
            projection.Tables.Select(use =>
            {
                var rows = gathered.Tables[use.Index];
                var array = Array.CreateInstance(use.Model.RowType, rows.Count);
                for (var i = 0; i < rows.Count; i++)
                    array.SetValue(rows[i].Row, i);
                return KeyValuePair.Create(use.Model.RowType, array);
            })
        );

    /// <summary>The rows as text to show with the fault; truncated if there are very many.</summary>
    public static string RowsText(BoundProjection projection, KeyRows gathered)
    {
        var text = new StringBuilder("{");
        foreach (var use in projection.Tables)
        {
            text.Append(text.Length > 1 ? "," : "")
                .Append('"')
                .Append(System.Text.Json.JsonEncodedText.Encode(use.Mirror.ToString()))
                .Append("\":[");
            var left = gathered.Tables[use.Index].Count;
            foreach (var row in gathered.Tables[use.Index])
            {
                if (text.Length > RowsTextLimit)
                    break;
                text.Append(row.Version.Row).Append(--left > 0 ? "," : "");
            }
            if (left > 0)
                text.Append(CultureInfo.InvariantCulture, $"\"and {left} more\"");
            text.Append(']');
        }
        return text.Append('}').ToString();
    }
}
