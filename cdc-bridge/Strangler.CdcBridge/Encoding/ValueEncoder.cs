using System.Buffers;

namespace Strangler.CdcBridge.Encoding;

/// <summary>Writes a value in PostgreSQL's text output as JSON.</summary>
internal delegate void ValueEncoder(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json);
