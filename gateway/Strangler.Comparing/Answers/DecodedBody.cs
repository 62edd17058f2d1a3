using Strangler.Comparing.Json;

namespace Strangler.Comparing.Answers;

/// <summary>A body without its content codings, or why it has none.</summary>
internal readonly record struct DecodedBody(ReadOnlyMemory<byte> Bytes, UnreadableReason? Incomparable);
