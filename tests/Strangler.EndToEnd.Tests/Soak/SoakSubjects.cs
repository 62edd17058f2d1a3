namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>What a fault affects.</summary>
[Flags]
internal enum SoakSubjects
{
    None = 0,
    Up = 1,
    Source = 2,
    Store = 4,
    Tables = 8,
}
