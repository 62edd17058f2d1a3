using System.Diagnostics.CodeAnalysis;
using Strangler.Projections;

namespace Strangler.Cli.Tests.Up;

/// <summary>A team's projections whose code does what it must not.</summary>
internal static class TeamProjections
{
    internal sealed record Row(string Id);

    internal sealed record Document(string Id);

    internal readonly record struct Id(string Text) : IParsable<Id>
    {
        public static Id Parse(string s, IFormatProvider? provider) => new(s);

        public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Id result)
        {
            result = new(s ?? "");
            return s is not null;
        }

        public override string ToString() => Text;
    }

    internal readonly record struct ThrowingId(string Text) : IParsable<ThrowingId>
    {
        public static ThrowingId Parse(string s, IFormatProvider? provider) => new(s);

        public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ThrowingId result) =>
            throw new InvalidOperationException("Not a good day for keys.");
    }

    internal sealed class HangingDeclare : IProjection<Id, Document>
    {
        public static void Declare(ISources<Id> from) => Thread.CurrentThread.Join();

        public static Projected<Document> Project(Id key, Rows rows, DateTimeOffset now) => Projected<Document>.Absent;
    }

    internal sealed class ThrowingKey : IProjection<ThrowingId, Document>
    {
        public static void Declare(ISources<ThrowingId> from) =>
            from.Table<Row>("public.row").Key(row => new ThrowingId(row.Id));

        public static Projected<Document> Project(ThrowingId key, Rows rows, DateTimeOffset now) =>
            Projected<Document>.Absent;
    }
}
