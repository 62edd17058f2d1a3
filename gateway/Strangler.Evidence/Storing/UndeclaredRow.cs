namespace Strangler.Evidence.Storing;

/// <summary>The first part of a scope that was wrong although no declared row of it had changed.</summary>
internal sealed record UndeclaredRow(string? Key, string Request, DateTimeOffset MatchedAt, DateTimeOffset WrongAt);
