using Strangler.Projections;

namespace Strangler.Comparing.Answers;

/// <summary>The part of an answer that belongs to one key.</summary>
/// <param name="Key">The key's text: a string's value, or a number as written.</param>
/// <param name="Index">Its index in the array.</param>
/// <param name="Answer">
/// The part as its own answer: status and headers of the whole answer, the element in UTF-8 as its body.
/// </param>
internal sealed record AnswerPart(string Key, int Index, Answer Answer);
