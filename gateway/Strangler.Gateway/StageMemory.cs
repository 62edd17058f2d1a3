using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.Foundation.Files;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Stages;

namespace Strangler.Gateway;

/// <summary>
/// Keeps the stages in a local file, for a start at which the store doesn't answer. What is in doubt is legacy: a file
/// that isn't whole, one of another store, and a route whose projection, version or rules are others now.
/// </summary>
internal sealed partial class StageMemory(
    StageTable table,
    GatewayModel model,
    CurrentRoutes routes,
    TimeProvider time,
    ILogger<StageMemory> logger
)
{
    private readonly string _store = StoreOf(model);
    private IReadOnlyList<KeptRoute> _written = [];
    private bool _isRead;

    /// <summary>Takes what the file holds, before the store has been read.</summary>
    public void Recall()
    {
        if (model.StagesFile is not { } file)
            return;
        try
        {
            if (StateFile.Read(file) is not { } text)
                return;
            var kept = KeptStages.Parse(text);
            if (kept.Store != _store)
                throw new FormatException($"It is of another store ('{kept.Store}').");
            Take(kept);
            Recalled(table.Current.Routes.Count, file);
        }
        catch (Exception exception) when (exception is IOException or FormatException)
        {
            table.FileTrouble =
                $"The stages in '{file}' can't be used, so legacy answers every route until the store does: "
                + exception.Message;
            FileUnused(file, exception.Message);
        }
    }

    /// <summary>Writes the file if something has changed.</summary>
    /// <param name="isRead">Whether the store has just been read.</param>
    public void Save(bool isRead)
    {
        _isRead |= isRead;
        if (!_isRead || model.StagesFile is not { } file)
            return;
        var kept = Kept();
        if (kept.SequenceEqual(_written) && table.FileTrouble is null)
            return;
        try
        {
            StateFile.Replace(file, new KeptStages(KeptStages.CurrentFormat, _store, time.GetUtcNow(), kept).ToText());
            (_written, table.FileTrouble) = (kept, null);
        }
        catch (IOException exception)
        {
            var isNew = table.FileTrouble is null;
            table.FileTrouble = $"The stages can't be kept in '{file}': {exception.Message}";
            if (isNew)
                FileUnwritten(file, exception.Message);
        }
    }

    private void Take(KeptStages kept)
    {
        var scopes = Scopes();
        table.Remember(
            [.. kept.Routes.Select(route => route.ToStage())],
            [
                .. kept
                    .Routes.Where(route => route.Scope is { } scope && scopes.GetValueOrDefault(route.Route) == scope)
                    .Select(route => route.ToStage()),
            ],
            [
                .. kept
                    .Routes.Where(route => route.PutBack is not null)
                    .Select(route => route.PutBack!.ToPutBack(route.Route)),
            ],
            "The store has not been read yet. Until it answers, the stages are those that were kept at "
                + $"{kept.SavedAt:u}."
        );
    }

    private List<KeptRoute> Kept()
    {
        var (scopes, putBack) = (Scopes(), table.Pending.ToDictionary(pending => pending.PutBack.Route));
        return
        [
            .. table
                .Current.Routes.Values.OrderBy(stage => stage.Route, StringComparer.Ordinal)
                .Select(stage =>
                    KeptRoute.Of(
                        stage,
                        scopes.GetValueOrDefault(stage.Route),
                        putBack.GetValueOrDefault(stage.Route).PutBack
                    )
                ),
        ];
    }

    /// <summary>What each route's evidence is about.</summary>
    private Dictionary<string, string> Scopes() =>
        routes
            .All.Where(route => route.Lookup is not null)
            .ToDictionary(
                route => route.RouteId,
                route =>
                    $"{route.Lookup!.Responder.Projection.Name} {route.Lookup.Responder.Projection.Version} "
                    + route.Compare.Hash,
                StringComparer.Ordinal
            );

    private static string StoreOf(GatewayModel model)
    {
        var store = new NpgsqlConnectionStringBuilder(model.StoreConnection ?? "");
        return $"{store.Host}:{store.Port}/{store.Database}";
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The stages of {Count} routes are those of '{File}' until the store answers."
    )]
    private partial void Recalled(int count, string file);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The stages in '{File}' can't be used, so legacy answers every route until the store does: {Why}"
    )]
    private partial void FileUnused(string file, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stages can't be kept in '{File}': {Why}")]
    private partial void FileUnwritten(string file, string why);
}
