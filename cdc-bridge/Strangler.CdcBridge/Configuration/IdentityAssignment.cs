using Strangler.Foundation.Patterns;

namespace Strangler.CdcBridge.Configuration;

/// <summary>An entry of <c>replica.identity.autoset.values</c>.</summary>
/// <param name="Table">The tables, by their whole names <c>schema.table</c>.</param>
/// <param name="Identity">DEFAULT, FULL or INDEX.</param>
/// <param name="Index">The index; null without INDEX.</param>
internal sealed record IdentityAssignment(JavaPattern Table, string Identity, string? Index);
