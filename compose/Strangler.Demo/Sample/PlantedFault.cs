namespace Strangler.Demo.Sample;

/// <summary>A mistake that can be planted in the projection of availabilities, to show how it is found.</summary>
/// <param name="Name">Its name for <c>--fault</c>.</param>
/// <param name="Projection">The name of the projection with the mistake.</param>
/// <param name="Wrong">What is wrong, as a sentence.</param>
/// <param name="Fields">
/// The general paths in an item's answer at which it shows, the first one being where it starts.
/// </param>
/// <param name="Keys">SQL on the legacy database: the items that it affects at the time <c>@now</c>.</param>
public sealed record PlantedFault(
    string Name,
    string Projection,
    string Wrong,
    IReadOnlyList<string> Fields,
    string Keys
);
