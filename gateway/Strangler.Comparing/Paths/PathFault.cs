namespace Strangler.Comparing.Paths;

/// <summary>Why a text is not a path.</summary>
/// <param name="Position">The character, counted from 1, at which parsing fails.</param>
/// <param name="Problem">What is wrong there, as a clause without a full stop.</param>
internal readonly record struct PathFault(int Position, string Problem);
