namespace Strangler.Demo.Show;

/// <summary>What somebody in the shop does at the demo's end.</summary>
internal interface IShop
{
    /// <summary>Looks at an item that hardly anybody changes.</summary>
    Task LookAsync(CancellationToken cancellationToken);

    /// <summary>Changes a setting that no projection declares, and with it the price of every item.</summary>
    Task AddSurchargeAsync(CancellationToken cancellationToken);
}
