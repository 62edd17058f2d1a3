using Microsoft.AspNetCore.Http;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Admin;

/// <summary>Refuses what reads or writes the store, if the gateway has none.</summary>
internal sealed class StoreFilter(GatewayModel model) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        model.StoreConnection is null
            ? new(
                Problems.Of(
                    StatusCodes.Status409Conflict,
                    new Fault(
                        StoreSection.Path,
                        "This gateway has no store: none of its routes names a projection, so all are plain YARP.",
                        "Set 'Projection' and 'Key' in the 'Strangler' section of a route, and start the gateway again."
                    )
                )
            )
            : next(context);
}
