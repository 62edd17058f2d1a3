namespace Strangler.Comparing.Rules;

/// <summary>Where one step leads from a <see cref="RuleState"/>.</summary>
/// <param name="Named">By the unescaped names that patterns have here.</param>
/// <param name="OtherMember">By every other name.</param>
/// <param name="OtherElement">By every index that no pattern has here.</param>
internal sealed record RuleSteps((byte[] Name, RuleState State)[] Named, RuleState OtherMember, RuleState OtherElement);
