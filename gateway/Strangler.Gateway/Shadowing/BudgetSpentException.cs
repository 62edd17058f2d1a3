namespace Strangler.Gateway.Shadowing;

/// <summary>
/// The gateway holds as many bytes for comparisons as it may. The comparison is then undetermined and not dropped: it
/// takes the most memory when the answers differ, so dropping it could hide a wrong answer.
/// </summary>
internal sealed class BudgetSpentException() : Exception("The bytes that comparisons may hold are spent.");
