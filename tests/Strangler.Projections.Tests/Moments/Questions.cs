using System.Text;
using Strangler.Projections.Tests.Applying;
using Xunit;

namespace Strangler.Projections.Tests.Moments;

/// <summary>Questions about a bracket, and events in one.</summary>
internal static class Questions
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public static BracketQuestion Question(
        TimeProvider time,
        SourceLook before,
        SourceLog source,
        TimeSpan? wait = null,
        string projection = "Stocks",
        string version = "v1",
        string key = "a"
    ) =>
        new(
            new ProjectionId(projection, version),
            [key],
            before,
            source.InsertLsn,
            time.GetUtcNow(),
            time.GetUtcNow(),
            wait ?? Long
        );

    public static Event Put(int quantity, string sku = "a") =>
        SourceLog.Update(Stocks.Schema, Stocks.Row(sku, quantity).Key, Stocks.Row(sku, quantity).Row);

    public static string Text(Made made) => Encoding.UTF8.GetString(Assert.IsType<Made.Document>(made).Bytes.Span);
}
