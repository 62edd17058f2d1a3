using System.Text.Json;

namespace Strangler.Projections.Declaring;

/// <summary>Reads the value of a column, as the log writes it, at the reader's current token.</summary>
internal delegate TValue ReadValue<out TValue>(ref Utf8JsonReader reader, DeclaredColumn column);
