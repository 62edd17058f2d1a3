namespace Strangler.Demo.Sample;

/// <summary>A mistake that can be planted in the projection of availabilities, to see it being found.</summary>
/// <param name="Name">As <c>--fault</c> takes it.</param>
/// <param name="Projection">The name of the projection that has it.</param>
/// <param name="Wrong">A sentence of what is wrong.</param>
/// <param name="Fields">
/// The general paths of an item's answer in which it shows, the one in which it begins first.
/// </param>
/// <param name="Keys">SQL on the legacy database: the items that it touches at the time <c>@now</c>.</param>
public sealed record PlantedFault(
    string Name,
    string Projection,
    string Wrong,
    IReadOnlyList<string> Fields,
    string Keys
);
