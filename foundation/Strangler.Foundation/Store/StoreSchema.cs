namespace Strangler.Foundation.Store;

/// <summary>
/// The tables of one room in the store. A room's version is the number of its scripts that have run; scripts are only
/// ever appended.
/// </summary>
/// <param name="Room">
/// The room, which is also the name of its schema in the store: <c>log</c>, <c>projections</c>, <c>gateway</c>.
/// </param>
/// <param name="Scripts">SQL scripts, each of which takes the room from its index to the next version.</param>
public sealed record StoreSchema(string Room, IReadOnlyList<string> Scripts)
{
    /// <summary>The version that this program reads and writes.</summary>
    public int Version => Scripts.Count;
}
