namespace Strangler.Demo.Sample;

/// <summary>Where everything is.</summary>
internal sealed record SampleAddresses(
    string StoreConnection,
    int SourcePort,
    string SourceDatabase,
    SampleFiles Files,
    Uri Legacy,
    Uri Gateway,
    Uri Admin,
    Uri Moments
);
