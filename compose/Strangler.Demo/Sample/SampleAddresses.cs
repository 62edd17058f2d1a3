namespace Strangler.Demo.Sample;

/// <summary>Where everything is.</summary>
internal sealed record SampleAddresses(string StoreConnection, int SourcePort, string SourceDatabase, string ProjectionAssembly, Uri Legacy, Uri Gateway, Uri Admin);
