namespace Strangler.Demo.Sample;

/// <summary>The addresses of all parts.</summary>
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
