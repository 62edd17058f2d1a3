using Strangler.Projections.Binding;
using Strangler.Projections.Sources;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Applying;

/// <summary>
/// Records where a table was last in doubt or read completely: its versions from before that position aren't certain.
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
