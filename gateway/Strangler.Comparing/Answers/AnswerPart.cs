using Strangler.Projections;

namespace Strangler.Comparing.Answers;

/// <summary>The part of an answer that belongs to one key.</summary>
/// <param name="Key">The key's text: a string's value, or a number as it is written.</param>
/// <param name="Index">Where it is in its array.</param>
/// <param name="Answer">
/// The part as an answer of its own: status and headers of the whole, the element as its body in UTF-8.
/// </param>
internal sealed record AnswerPart(string Key, int Index, Answer Answer);
