namespace Strangler.CdcBridge.Connect;

/// <summary>A field of a struct.</summary>
internal sealed record ConnectField(string Name, ConnectSchema Schema);
