using System.Buffers;

namespace Strangler.CdcBridge.Encoding;

/// <summary>Writes a value, given as PostgreSQL's text output wrote it, as JSON.</summary>
internal delegate void ValueEncoder(ReadOnlySpan<byte> text, IBufferWriter<byte> json);
