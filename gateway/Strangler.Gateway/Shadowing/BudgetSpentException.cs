namespace Strangler.Gateway.Shadowing;

/// <summary>The gateway holds as many bytes for comparing as it may. The comparison is dropped.</summary>
internal sealed class BudgetSpentException() : Exception("The bytes that comparisons may hold are spent.");
