namespace Strangler.Benchmarks;

/// <summary>How long the benchmarks take.</summary>
/// <param name="Rounds">Windows per side.</param>
/// <param name="Window">How long a window is.</param>
/// <param name="Items">How many items the shop has.</param>
internal sealed record BenchOptions(int Rounds, TimeSpan Window, int Items);
