using Strangler.Comparing.Verdicts;

namespace Strangler.Gateway.Shadowing;

/// <summary>An answer of legacy, and where its bracket begins.</summary>
internal sealed record AskedAnswer(LegacyAnswer Answer, TakenLook Before, SplitAnswer Pieces);
