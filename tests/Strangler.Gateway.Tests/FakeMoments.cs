using System.Collections.Concurrent;
using System.Text;
using Strangler.ChangeLog;
using Strangler.Projections;

namespace Strangler.Gateway.Tests;

/// <summary>Projections in memory: every key is quiet and has one document, unless a test says otherwise.</summary>
internal sealed class FakeMoments : IMoments
{
    public ConcurrentDictionary<string, string> Documents { get; } = new();

    public ConcurrentQueue<BracketQuestion> Asked { get; } = new();

    /// <summary>Replaces the documents.</summary>
    public Func<BracketQuestion, CancellationToken, Task<BracketFound>>? Instead { get; set; }

    public async ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken)
    {
        Asked.Enqueue(question);
        return Instead is { } instead ? await instead(question, cancellationToken) : Quiet(question);
    }

    public BracketFound.Evaluated Quiet(BracketQuestion question) =>
        Of([.. question.Keys.Select(key => Key(key, [Documents.GetValueOrDefault(key)]))]);

    public static BracketFound.Evaluated Of(params KeyMoments[] keys) =>
        new(Position.Parse("1:0/10:end"), Position.Parse("1:0/20:end"), TimeProvider.System.GetUtcNow(), keys);

    /// <param name="documents">One for each moment. Null means absent.</param>
    public static KeyMoments Key(string key, IReadOnlyList<string?> documents, params string[] mixes) =>
        new(
            key,
            documents.Count == 1,
            Position.Parse("1:0/8:0"),
            [
                .. documents.Select(
                    (document, index) =>
                        new KeyMoment(Position.EndOf(1, new Lsn(0x10 + (ulong)index)), default, MadeOf(document))
                ),
            ],
            [.. mixes.Select(MadeOf)],
            null,
            documents.Count - 1
        );

    /// <summary>Instead of a document: f asks legacy.</summary>
    public const string AsksLegacy = "ask legacy";

    public static Made MadeOf(string? document) =>
        document is null ? Made.Absent.Value
        : document == AsksLegacy ? new Made.AskLegacy("unsure")
        : new Made.Document(Encoding.UTF8.GetBytes(document));

    public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
