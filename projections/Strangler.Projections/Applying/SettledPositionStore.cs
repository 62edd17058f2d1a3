using Strangler.Projections.Binding;
using Strangler.Projections.Sources;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Applying;

/// <summary>
/// Notes where a table was last found to be in doubt, or read completely: what its versions say of the time before that
/// is not certain.
/// </summary>
internal static class SettledPositionStore
{
    public static Task NoteAsync(
        StoreSession session,
        MirrorTable table,
        Change change,
        CancellationToken cancellationToken
    ) =>
        change is Change.Reread or Change.Doubted or Change.Described { Schema.InDoubt: true }
            ? session.ExecuteAsync(
                "update projections.source_table set settled_epoch = $2, settled_commit = $3 where id = $1",
                [table.Id, change.Position.Epoch, change.Position.Commit.Sql()],
                cancellationToken
            )
            : Task.CompletedTask;
}
