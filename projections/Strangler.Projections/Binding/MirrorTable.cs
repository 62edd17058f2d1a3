namespace Strangler.Projections.Binding;

/// <summary>A source table as the mirror has it, with the links of every projection that reads it.</summary>
/// <param name="Id">Names the tables <c>current_{Id}</c> and <c>history_{Id}</c>.</param>
/// <param name="Schema">The source's schema.</param>
/// <param name="Name">The source's table.</param>
/// <param name="Columns">The mirrored columns, sorted: at least all that are declared.</param>
/// <param name="Slots">The number of link columns: <c>l0</c> to <c>l{Slots-1}</c>.</param>
internal sealed record MirrorTable(int Id, string Schema, string Name, IReadOnlyList<string> Columns, int Slots)
{
    /// <summary>The projections that read it. Filled while the projections are bound.</summary>
    public List<TableUse> Uses { get; } = [];

    public string Current { get; } = $"projections.current_{Id}";

    public string History { get; } = $"projections.history_{Id}";

    /// <summary>The names of the link columns, by slot.</summary>
    public IReadOnlyList<string> LinkNames { get; } = [.. Enumerable.Range(0, Slots).Select(slot => $"l{slot}")];

    /// <summary>The link columns, each after a comma and with <paramref name="prefix"/> before its name.</summary>
    public string LinkList(string prefix = "") => string.Concat(LinkNames.Select(name => $", {prefix}{name}"));

    public override string ToString() => $"{Schema}.{Name}";
}
