namespace Strangler.Gateway.Shadowing;

/// <summary>
/// The gateway holds as many bytes for comparing as it may. Nothing can be said then, and that is said: a comparison
/// takes most where the answers differ, so to drop it could hide what is wrong.
/// </summary>
internal sealed class BudgetSpentException() : Exception("The bytes that comparisons may hold are spent.");
