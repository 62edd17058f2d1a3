namespace Strangler.Evidence;

/// <summary>
/// Which credentials a request that the lookup would answer brought, and whether legacy refused it. Only names are
/// kept, never a value.
/// </summary>
/// <param name="Credentials">The request's credential headers, in lower case.</param>
/// <param name="Refused">401 or 403; null: legacy didn't refuse it.</param>
internal readonly record struct Access(IReadOnlyList<string> Credentials, int? Refused);
