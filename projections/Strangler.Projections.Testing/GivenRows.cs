using System.Globalization;
using System.Text;
using System.Text.Json;
using Strangler.Projections.Declaring;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Testing;

/// <summary>Rows of the source's tables at one time, and what the projection makes of them.</summary>
public sealed class GivenRows<TKey, TDocument>
    where TKey : struct, IParsable<TKey>
    where TDocument : class
{
    private readonly GivenRowSet _rows;
    private readonly ProjectionModel _model;
    private readonly JsonSerializerOptions _json;
    private readonly PropertyChecks _checks;
    private readonly DateTimeOffset _now;

    internal GivenRows(GivenRowSet rows, ProjectionModel model, JsonSerializerOptions json, DateTimeOffset? now = null)
    {
        (_rows, _model, _json, _now) = (rows, model, json, now ?? DefaultNow);
        _checks = new PropertyChecks(rows, _now);
    }

    /// <summary>
    /// The time that <c>Project</c> receives unless <see cref="At"/> gives another: noon of 2026-01-01, UTC.
    /// </summary>
    public static DateTimeOffset DefaultNow { get; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The same rows at another time.</summary>
    public GivenRows<TKey, TDocument> At(DateTimeOffset now) => new(_rows, _model, _json, now);

    /// <summary>The document that is made for a key.</summary>
    /// <exception cref="ProjectionTestException">
    /// <c>Project</c> threw, which quarantines the key; or the key's text isn't read as the same key.
    /// </exception>
    public TestedDocument<TDocument> Document(TKey key)
    {
        var made = Made(key);
        return new(made.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes) : null, made.RecomputeAt)
        {
            Options = _json,
            LegacyReason = made.LegacyReason,
        };
    }

    /// <summary>
    /// The answer to a GET request for these keys without other inputs: <see cref="Answer.AskLegacy"/> if the
    /// projection asks legacy for one of them.
    /// </summary>
    public Answer Respond(params TKey[] keys) =>
        Respond(new AnswerRequest("GET", NoValues, NoValues, Body: null), keys);

    /// <summary>
    /// The answer to a request for these keys: <see cref="Answer.AskLegacy"/> if the projection asks legacy for one of
    /// them.
    /// </summary>
    public Answer Respond(AnswerRequest request, params TKey[] keys)
    {
        KeyOutcome.Made[] made = [.. keys.Select(Made)];
        if (made.FirstOrDefault(one => one.LegacyReason is not null) is { LegacyReason: { } reason })
            return Answer.AskLegacy(reason);
        return TestCulture.Run(
            CultureInfo.InvariantCulture,
            () =>
                _model.Responder.Respond(
                    request,
                    [.. made.Select(one => (one.Key, one.Bytes is { } bytes ? (ReadOnlyMemory<byte>?)bytes : null))]
                )
        );
    }

    /// <summary>
    /// Checks all properties below; that of time zones except on Windows, which can't change its zone.
    /// </summary>
    /// <inheritdoc cref="CheckOrder"/>
    public void CheckProperties()
    {
        CheckOrder();
        CheckDuplicates();
        CheckCultures();
        CheckTime();
        if (!OperatingSystem.IsWindows())
            CheckTimeZones();
    }

    /// <summary>
    /// The documents don't depend on the order of rows. PostgreSQL returns rows in any order unless a query sorts them,
    /// so what legacy doesn't sort must not matter here; name a primary key if it sorts by it.
    /// </summary>
    /// <exception cref="ProjectionTestException">The property doesn't hold.</exception>
    public void CheckOrder() => _checks.CheckOrder();

    /// <summary>
    /// The documents are the same when the rows arrive one after another, over earlier versions and deletions, in
    /// batches of which some arrive twice, and only the keys of changed rows are computed again: neither <c>Project</c>
    /// nor a lambda of <c>Declare</c> remembers anything.
    /// </summary>
    /// <inheritdoc cref="CheckOrder"/>
    public void CheckDuplicates() => _checks.CheckDuplicates();

    /// <summary>
    /// The documents don't depend on the machine's culture: its decimal separator, its dates, its casing.
    /// </summary>
    /// <inheritdoc cref="CheckOrder"/>
    public void CheckCultures() => _checks.CheckCultures();

    /// <summary>
    /// The documents don't depend on the machine's time zone. The zone belongs to the process, so tests that depend on
    /// it must not run at the same time.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">This is Windows.</exception>
    /// <inheritdoc cref="CheckOrder"/>
    public void CheckTimeZones() => _checks.CheckTimeZones();

    /// <summary>
    /// Until its <c>RecomputeAt</c>, a document doesn't change with the time; without one, for 400 days.
    /// </summary>
    /// <inheritdoc cref="CheckOrder"/>
    public void CheckTime() => _checks.CheckTime();

    private static IReadOnlyDictionary<string, string> NoValues { get; } = new Dictionary<string, string>();

    private KeyOutcome.Made Made(TKey key) =>
        TestCulture.Run(CultureInfo.InvariantCulture, () => _rows.Mirror().Make(Text(key), _now));

    private static string Text(TKey key)
    {
        var text = KeyText<TKey>.Of(key);
        return KeyText<TKey>.Canonical(text) == text
            ? text
            : throw new ProjectionTestException(
                $"The key type {typeof(TKey).Name} writes a key as '{text}', which it doesn't read as the same key. "
                    + "Let ToString write what TryParse reads."
            );
    }
}
