namespace Shop.Hosting;

/// <summary>One of the shop's services: its name and its routes.</summary>
internal sealed record Service(string Name, Action<IEndpointRouteBuilder> Map);
