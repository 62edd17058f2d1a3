using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Strangler.Projections.Configuration;

namespace Strangler.Projections.Moments;

/// <summary>
/// Asks the projections for moments over HTTP. A question that they refuse, and an answer that doesn't arrive in time,
/// is a <see cref="MomentsUnavailableException"/>. Safe for any number of threads.
/// </summary>
/// <param name="http">
/// The client. Its base address is that of <c>Projections:Moments</c>; its own timeout must not be shorter than a
/// question's wait plus <see cref="Patience"/>.
/// </param>
/// <param name="secret">The secret that it sends.</param>
public sealed class MomentsClient(HttpClient http, MomentsSecret secret) : IMoments
{
    private const long MaxBytes = 64 << 20;

    /// <summary>How long an answer may take beyond what the question itself waits.</summary>
    /// <value>35 s: the projections' own limit, plus a margin.</value>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(35);

    /// <summary>
    /// A client for the address of <c>Projections:Moments</c>; null if the address is missing or faulty.
    /// </summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="secretFile">The file with the secret; null for the one that the configuration names.</param>
    public static MomentsClient? Of(IConfiguration configuration, string? secretFile = null) =>
        ProjectionsConfig.MomentsAddress(configuration, []) is { } address
            ? new MomentsClient(
                new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan },
                new(secretFile ?? configuration[MomentsSecret.Path])
            )
            : null;

    public async ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken) =>
        (
            await AskAsync<BracketQuestion, WireBracket>(
                MomentsJson.Evaluate,
                question,
                question.Wait + Patience,
                question.Budget,
                cancellationToken
            )
        ).ToFound() ?? throw NotProjections(HttpStatusCode.OK, null);

    public async ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) =>
        (
            await AskAsync<ExplainQuestion, WireExplainAnswer>(
                MomentsJson.Explain,
                question,
                Patience,
                null,
                cancellationToken
            )
        ).ToExplained() ?? throw NotProjections(HttpStatusCode.OK, null);

    private async Task<TAnswer> AskAsync<TQuestion, TAnswer>(
        string path,
        TQuestion question,
        TimeSpan patience,
        IByteBudget? budget,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = JsonContent.Create(question, options: MomentsJson.Options),
            };
            secret.AddTo(request);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
                secret.Refused();
            using var buffer = new BudgetedBuffer(budget, MaxBytes);
            await buffer.ReadAsync(await response.Content.ReadAsStreamAsync(limit.Token), limit.Token);
            buffer.Take(buffer.Written.Length); // the documents, which are shorter than their base64
            if (response.IsSuccessStatusCode)
                return JsonSerializer.Deserialize<TAnswer>(buffer.Written, MomentsJson.Options)
                    ?? throw NotProjections(response.StatusCode, null);
            var problem =
                response.Content.Headers.ContentType?.MediaType == "application/json"
                    ? JsonSerializer.Deserialize<WireProblem>(buffer.Written, MomentsJson.Options)
                    : null;
            throw problem?.Problem is { } text
                ? new MomentsUnavailableException($"The projections at {http.BaseAddress} answered: {text}")
                : NotProjections(response.StatusCode, null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new MomentsUnavailableException(
                $"No projections answer at {http.BaseAddress}: {exception.Message}",
                exception
            );
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MomentsUnavailableException(
                $"The projections at {http.BaseAddress} did not answer within {patience.TotalSeconds:0} s.",
                exception
            );
        }
        catch (JsonException exception)
        {
            throw NotProjections(HttpStatusCode.OK, exception);
        }
    }

    private MomentsUnavailableException NotProjections(HttpStatusCode status, Exception? cause) =>
        new($"The server at {http.BaseAddress} (status {(int)status}) isn't the projections of this version.", cause);
}
