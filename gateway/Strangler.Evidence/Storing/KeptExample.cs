using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Storing;

/// <summary>An example on its way to the store.</summary>
/// <param name="Report">As it will be shown.</param>
/// <param name="Priority">
/// Drawn at random: of all that came, those with the least are a uniform sample, whoever saw which of them.
/// </param>
/// <param name="Bytes">About how much it holds.</param>
internal sealed record KeptExample(ExampleReport Report, long Priority, long Bytes);
