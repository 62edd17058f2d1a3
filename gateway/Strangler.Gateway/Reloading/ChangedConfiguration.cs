using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Reloading;

/// <summary>A configuration that changed while a gateway runs with it.</summary>
/// <param name="Configuration">What it says now. Null if it can't be read.</param>
/// <param name="Faults">Why it can't be read. Empty if it can.</param>
public sealed record ChangedConfiguration(IConfiguration? Configuration, IReadOnlyList<Fault> Faults);
