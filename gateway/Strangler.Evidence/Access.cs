namespace Strangler.Evidence;

/// <summary>
/// Who asked in a request that the lookup would answer, and whether legacy refused it. Only names are kept, never a
/// value.
/// </summary>
/// <param name="Credentials">The credential headers that it brought, in small letters.</param>
/// <param name="Refused">401 or 403; null: legacy didn't refuse it.</param>
internal readonly record struct Access(IReadOnlyList<string> Credentials, int? Refused);
