namespace Strangler.CdcBridge.Tests;

/// <summary>A way in which a table's content changes without row events.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Table">The statements that create <c>public.item</c>; null: a key, a name, two rows.</param>
internal sealed record UnseenChange(string Name, string? Table = null)
{
    public const string Usual =
        "create table item (id int primary key, name text); insert into item values (1, 'a'), (2, 'b')";

    /// <summary>Whether the bridge's login owns nothing, and somebody else creates the publication.</summary>
    public bool Lean { get; init; }

    /// <summary>What the bridge does if a table loses its identity; null for the default.</summary>
    public string? OnIdentityLoss { get; init; }

    /// <summary>What is done as the owner, and what must hold afterwards, in order.</summary>
    public IReadOnlyList<Step> Steps { get; private init; } = [];

    /// <summary>
    /// Then these statements, each in its own transaction; a reader holds <paramref name="rows"/> in the end.
    /// </summary>
    public UnseenChange Rows(string sql, params string[] rows) =>
        this with
        {
            Steps = [.. Steps, new Step(sql, string.Join(' ', rows), null)],
        };

    /// <summary>Then these statements; the table stays in doubt, for a reason that contains these words.</summary>
    public UnseenChange Doubt(string sql, params string[] words) =>
        this with
        {
            Steps = [.. Steps, new Step(sql, null, words)],
        };

    public override string ToString() => Name;

    /// <param name="Sql">Statements, separated by <c>;;</c> where each is sent by itself.</param>
    /// <param name="Rows">The rows that a reader holds; null: it is in doubt.</param>
    /// <param name="Words">Words of the reason.</param>
    internal sealed record Step(string Sql, string? Rows, string[]? Words);
}
