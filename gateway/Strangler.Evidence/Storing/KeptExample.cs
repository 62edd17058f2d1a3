using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Storing;

/// <summary>An example on its way to the store.</summary>
/// <param name="Report">What will be shown.</param>
/// <param name="Priority">
/// A random number: of all examples, those with the lowest are a uniform sample, no matter which gateway saw which of
/// them.
/// </param>
/// <param name="Bytes">Its approximate size.</param>
internal sealed record KeptExample(ExampleReport Report, long Priority, long Bytes);
