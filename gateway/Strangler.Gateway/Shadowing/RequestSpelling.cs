using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>Another spelling of a request, which legacy may take for the same one.</summary>
/// <param name="Key">The key in canonical text.</param>
/// <param name="Request">The request as Respond would see it.</param>
/// <param name="Written">What is spelled otherwise, as it was written: <c>the key 'ABC'</c>.</param>
/// <param name="Taken">As what legacy may take it: <c>the key 'abc'</c>.</param>
internal sealed record RequestSpelling(string Key, AnswerRequest Request, string Written, string Taken);
