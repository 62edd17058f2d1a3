using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Strangler.Evidence.Gates;
using Strangler.Evidence.Reports;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Promoting;

namespace Strangler.Gateway.Admin;

/// <summary>Talks to a gateway's admin API. Every refusal is a fault.</summary>
/// <param name="http">
/// Its base address is the admin API's. Its own time-out bounds each call too, the answer's body included: give it
/// <see cref="PromoteLimit"/>.
/// </param>
/// <param name="time">The clock. Null means the system's.</param>
public sealed class AdminClient(HttpClient http, TimeProvider? time = null)
{
    /// <summary>How long a call may take.</summary>
    /// <value>30 s</value>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long taking a route to <c>lookup</c> through its gate may take, since the gate waits for comparisons under
    /// way.
    /// </summary>
    /// <value>2 minutes</value>
    public static readonly TimeSpan PromoteLimit = Limit + StagePromotion.MaxWait;

    private const long MaxBytes = 64 << 20;
    private const long MaxHealthBytes = 4 << 20;

    /// <summary>All routes with a <c>Strangler</c> section.</summary>
    public Task<RoutesReport> RoutesAsync(CancellationToken cancellationToken) =>
        GetAsync<RoutesReport>("routes", cancellationToken);

    /// <summary>A route.</summary>
    /// <exception cref="FaultException">It doesn't exist. The message names those that do.</exception>
    public Task<RouteReport> RouteAsync(string route, CancellationToken cancellationToken) =>
        GetAsync<RouteReport>($"routes/{Uri.EscapeDataString(route)}", cancellationToken);

    /// <summary>The history of a route's stage, newest first.</summary>
    public Task<HistoryReport> HistoryAsync(string route, CancellationToken cancellationToken) =>
        GetAsync<HistoryReport>($"routes/{Uri.EscapeDataString(route)}/history", cancellationToken);

    /// <summary>Takes a route to another stage, forward or back, and returns its new state.</summary>
    /// <exception cref="FaultException">
    /// The route or stage doesn't exist, the route is already in that stage, isn't ready or has a closed gate, or
    /// somebody else changed it first.
    /// </exception>
    public Task<RouteReport> ChangeStageAsync(
        string route,
        string stage,
        string who,
        string why,
        CancellationToken cancellationToken
    ) => ChangeStageAsync(route, new StageRequest(stage, who, why), cancellationToken);

    /// <summary>Takes a route to another stage past its gate. Who did it and why is recorded.</summary>
    /// <exception cref="FaultException">As above, except for the gate.</exception>
    public Task<RouteReport> ForceStageAsync(
        string route,
        string stage,
        string who,
        string why,
        CancellationToken cancellationToken
    ) => ChangeStageAsync(route, new StageRequest(stage, who, why, Force: true), cancellationToken);

    /// <summary>Lets a route be promoted again that its guard froze. Who did it and why is recorded.</summary>
    /// <exception cref="FaultException">The route doesn't exist, or isn't frozen.</exception>
    public Task<RouteReport> UnfreezeAsync(string route, string why, CancellationToken cancellationToken) =>
        SendAsync<RouteReport>(
            () =>
                new HttpRequestMessage(HttpMethod.Post, $"routes/{Uri.EscapeDataString(route)}/unfreeze")
                {
                    Content = JsonContent.Create(new UnfreezeRequest(why), options: AdminJson.Options),
                },
            Limit,
            MaxBytes,
            cancellationToken
        );

    /// <summary>The results of comparisons of all routes that have a projection.</summary>
    public Task<ReportFile> ReportAsync(CancellationToken cancellationToken) =>
        GetAsync<ReportFile>("report", cancellationToken);

    /// <summary>The results of comparisons of a route.</summary>
    public Task<ReportFile> ReportAsync(string route, CancellationToken cancellationToken) =>
        GetAsync<ReportFile>($"routes/{Uri.EscapeDataString(route)}/report", cancellationToken);

    /// <summary>An example.</summary>
    /// <exception cref="FaultException">No example with that id exists, or it is no longer kept.</exception>
    public Task<ExampleReport> ExampleAsync(string id, CancellationToken cancellationToken) =>
        GetAsync<ExampleReport>($"evidence/examples/{Uri.EscapeDataString(id)}", cancellationToken);

    /// <summary>Dismisses the fault of an example. Who did it and why is recorded.</summary>
    /// <exception cref="FaultException">
    /// The example doesn't exist or belongs to another route, its fault is dismissed already, or can't be.
    /// </exception>
    public Task<DismissalReport> DismissAsync(
        string route,
        string example,
        string why,
        CancellationToken cancellationToken
    ) =>
        SendAsync<DismissalReport>(
            () =>
                new HttpRequestMessage(HttpMethod.Post, $"routes/{Uri.EscapeDataString(route)}/dismissals")
                {
                    Content = JsonContent.Create(new DismissalRequest(example, why), options: AdminJson.Options),
                },
            Limit,
            MaxBytes,
            cancellationToken
        );

    /// <summary>Why an example differs.</summary>
    /// <exception cref="FaultException">No example with that id exists, or the projections don't answer.</exception>
    public Task<ExplainReport> ExplainAsync(string id, CancellationToken cancellationToken) =>
        GetAsync<ExplainReport>($"examples/{Uri.EscapeDataString(id)}/explain", cancellationToken);

    /// <summary>What is stored for a key of a projection.</summary>
    public Task<DocumentReport> DocumentAsync(string projection, string key, CancellationToken cancellationToken) =>
        GetAsync<DocumentReport>(
            $"documents/{Uri.EscapeDataString(projection)}/{Uri.EscapeDataString(key)}",
            cancellationToken
        );

    /// <summary>How far each projection is.</summary>
    public Task<WatermarksReport> WatermarksAsync(CancellationToken cancellationToken) =>
        GetAsync<WatermarksReport>("watermarks", cancellationToken);

    /// <summary>Live figures of all routes.</summary>
    public Task<StatsReport> StatsAsync(CancellationToken cancellationToken) =>
        GetAsync<StatsReport>("stats", cancellationToken);

    /// <summary>Whether the gateway serves, and whether it can read its store.</summary>
    public Task<HealthReport> HealthAsync(CancellationToken cancellationToken) =>
        GetAsync<HealthReport>("health", cancellationToken, MaxHealthBytes);

    private Task<TReport> GetAsync<TReport>(string path, CancellationToken cancellationToken, long maxBytes = MaxBytes)
        where TReport : class =>
        SendAsync<TReport>(() => new HttpRequestMessage(HttpMethod.Get, path), Limit, maxBytes, cancellationToken);

    private Task<RouteReport> ChangeStageAsync(
        string route,
        StageRequest wanted,
        CancellationToken cancellationToken
    ) =>
        SendAsync<RouteReport>(
            () =>
                new HttpRequestMessage(HttpMethod.Post, $"routes/{Uri.EscapeDataString(route)}/stage")
                {
                    Content = JsonContent.Create(wanted, options: AdminJson.Options),
                },
            AsksTheGate(wanted) ? PromoteLimit : Limit,
            MaxBytes,
            cancellationToken
        );

    private static bool AsksTheGate(StageRequest wanted) =>
        !wanted.Force && StageText.TryParse(wanted.Stage, out var stage) && stage.Traits().IsGated;

    private async Task<TReport> SendAsync<TReport>(
        Func<HttpRequestMessage> make,
        TimeSpan limit,
        long maxBytes,
        CancellationToken cancellationToken
    )
        where TReport : class
    {
        // HttpClient's own time-out ends with the headers.
        var shorter = http.Timeout != Timeout.InfiniteTimeSpan && http.Timeout < limit ? http.Timeout : limit;
        using var timeout = new CancellationTokenSource(shorter, time ?? TimeProvider.System);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = make();
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            await response.Content.LoadIntoBufferAsync(maxBytes, linked.Token);
            // As UTF-8, which a gateway writes: the charset that another program names may be one that .NET lacks.
            var body = await response.Content.ReadAsByteArrayAsync(linked.Token);
            if (response.IsSuccessStatusCode && Read<TReport>(body) is { } report)
                return report;
            if (
                response.Content.Headers.ContentType?.MediaType == AdminJson.ProblemType
                && Read<AdminProblem>(body) is { Faults: { Count: > 0 } faults }
                && faults.All(fault => fault is not null)
            )
            {
                throw new FaultException(faults);
            }
            throw NotAGateway(response.StatusCode);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FaultException(
                new Fault(
                    $"{http.BaseAddress}",
                    "The gateway did not answer in time.",
                    "Check whether it still runs, or try again."
                ),
                exception
            );
        }
        // Besides HttpRequestException: a redirection to what isn't a URL, say.
        catch (Exception exception) when (exception is not (FaultException or OperationCanceledException))
        {
            throw new FaultException(
                new Fault(
                    $"{http.BaseAddress}",
                    $"No gateway answers here: {exception.Message}",
                    "Start it with 'strangler gateway' or 'strangler up', or name its admin address with '--admin URL'."
                ),
                exception
            );
        }
    }

    /// <summary>Null: it is not what a gateway writes.</summary>
    private static T? Read<T>(byte[] body)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, AdminJson.Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private FaultException NotAGateway(HttpStatusCode status)
    {
        var shown = http.DefaultRequestHeaders.Authorization is null
            ? ""
            : " It has received a token: remove that token's line from the file, and make another with "
                + "'strangler token NAME'.";
        return new(
            new Fault(
                $"{http.BaseAddress}",
                $"What answers here (status {(int)status}) is not a gateway's admin API of this version.",
                $"Name the address of 'Gateway:Admin' with '--admin URL'.{shown}"
            )
        );
    }
}
