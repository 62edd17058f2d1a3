using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;

namespace Strangler.Projections.Declaring;

/// <summary>Checks whether the declared tables can be read from a source with its current catalogue. Pure.</summary>
internal static class SourceFit
{
    /// <summary>
    /// All problems: tables that don't exist or whose changes aren't captured, and row types that don't fit.
    /// </summary>
    public static IReadOnlyList<Fault> Faults(IReadOnlyList<ProjectionModel> models, IReadOnlyList<SourceTable> source)
    {
        var found = source.ToDictionary(table => (table.Table.Schema, Name: table.Table.Table));
        return
        [
            .. models
                .SelectMany(model => model.Tables.Select(table => (Model: model, Table: table)))
                .GroupBy(use => (use.Table.Schema, use.Table.Name))
                .SelectMany(Of),
        ];

        IEnumerable<Fault> Of(IGrouping<(string Schema, string Name), (ProjectionModel Model, TableModel Table)> uses)
        {
            var readers = string.Join(" and ", uses.Select(use => $"'{use.Model.Id.Name}'").Distinct());
            var path = $"{uses.Key.Schema}.{uses.Key.Name}";
            if (!found.TryGetValue(uses.Key, out var table))
                return
                [
                    new Fault(
                        path,
                        $"The source's database has no such table; {readers} {Read(uses)} it.",
                        Near(uses.Key, source)
                    ),
                ];
            return table.Obstacle is { } obstacle
                ? [obstacle with { Problem = $"{obstacle.Problem} {readers} {Read(uses)} it." }]
                : uses.SelectMany(use => RowFit.Faults(use.Table, table.Table)).Distinct();
        }
    }

    /// <summary>The fault of tables with the same topic: the log can't tell their rows apart.</summary>
    public static Fault SharedTopic((string Topic, IReadOnlyList<(string Schema, string Table)> Tables) shared) =>
        new(
            string.Join(", ", shared.Tables.Select(table => $"{table.Schema}.{table.Table}")),
            $"Their topic is the same, '{shared.Topic}', so their rows can't be told apart in the change log.",
            "Declare one of them only, and capture no other of these tables."
        );

    private static string Read(IEnumerable<(ProjectionModel Model, TableModel Table)> uses) =>
        uses.Select(use => use.Model.Id.Name).Distinct().Count() == 1 ? "reads" : "read";

    private static string Near((string Schema, string Name) declared, IReadOnlyList<SourceTable> source)
    {
        var same = source.FirstOrDefault(table =>
            string.Equals(table.Table.Table, declared.Name, StringComparison.OrdinalIgnoreCase)
        );
        return same is null
            ? "Create it, or correct its name in Declare."
            : $"Create it, or name '{same.Table.Schema}.{same.Table.Table}' in Declare.";
    }
}
