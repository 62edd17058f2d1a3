namespace Shop;

/// <summary>The command line is invalid; the message says why.</summary>
internal sealed class CommandException(string message) : Exception(message);
