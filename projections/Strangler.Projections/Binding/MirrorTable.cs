using Strangler.Projections.Declaring;

namespace Strangler.Projections.Binding;

/// <summary>A source table as the mirror has it, with the links of every projection that reads it.</summary>
/// <param name="Id">Names the tables <c>current_{Id}</c> and <c>history_{Id}</c>.</param>
/// <param name="Schema">The source's schema.</param>
/// <param name="Name">The source's table.</param>
/// <param name="Columns">The mirrored columns, sorted: at least those that anybody declares.</param>
/// <param name="Slots">How many link columns there are: <c>l0</c> to <c>l{Slots-1}</c>.</param>
internal sealed record MirrorTable(int Id, string Schema, string Name, IReadOnlyList<string> Columns, int Slots)
{
    /// <summary>Who reads it. Filled while the projections are bound.</summary>
    public List<TableUse> Uses { get; } = [];

    public string Current { get; } = $"projections.current_{Id}";

    public string History { get; } = $"projections.history_{Id}";

    /// <summary>The link columns, each behind a comma; <paramref name="prefix"/> stands before each name.</summary>
    public string LinkList(string prefix = "") =>
        string.Concat(Enumerable.Range(0, Slots).Select(slot => $", {prefix}l{slot}"));

    public override string ToString() => $"{Schema}.{Name}";
}

/// <summary>One projection's use of a mirrored table.</summary>
/// <param name="Projection">Whose.</param>
/// <param name="Index">The table's place in the projection's declaration.</param>
/// <param name="Model">What it declares.</param>
/// <param name="Mirror">The mirrored table.</param>
/// <param name="Slots">The link column of each of the model's links, by ordinal.</param>
internal sealed record TableUse(
    BoundProjection Projection,
    int Index,
    TableModel Model,
    MirrorTable Mirror,
    int[] Slots
)
{
    /// <summary>The link column in which the values of <paramref name="link"/> stand.</summary>
    public int Slot(LinkModel link) => Slots[link.Ordinal];
}
