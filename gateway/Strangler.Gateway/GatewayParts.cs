using Microsoft.Extensions.DependencyInjection;
using Strangler.Evidence;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Configuration;
using Strangler.Projections;

namespace Strangler.Gateway;

/// <summary>What a host gives the gateway that runs in it. Hosts differ in nothing else.</summary>
internal sealed record GatewayParts
{
    /// <summary>What the configuration means.</summary>
    public required Func<GatewayModel> Model { get; init; }

    /// <summary>The projections. Null if they couldn't be loaded; the call graph answers their routes then.</summary>
    public required Func<IServiceProvider, IReadOnlyList<IResponder>?> Responders { get; init; }

    /// <summary>Where documents are looked up, in the store with a connection string.</summary>
    public required Func<IServiceProvider, string, IAnswers> Answers { get; init; }

    /// <summary>Evaluates moments for comparisons. Null if nothing can.</summary>
    public required Func<IMoments?> Moments { get; init; }

    /// <summary>Registers what follows the configuration while the gateway runs.</summary>
    public required Action<IServiceCollection> AddReload { get; init; }

    /// <summary>What is known of the other parts.</summary>
    public PartStates States { get; init; } = new();

    /// <summary>
    /// Where comparisons are kept in addition to the live figures. Null means in the store.
    /// </summary>
    public IEvidence? Evidence { get; init; }

    /// <summary>
    /// How long the first read of the stages may delay serving. Null means as in production.
    /// </summary>
    public TimeSpan? StorePatience { get; init; }
}
