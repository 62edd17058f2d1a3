namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>
/// Something that goes wrong, and what a person does about it. Afterwards every key must be looked up again.
/// </summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="RunAsync">Causes it, lets some transactions pass, and fixes what a person has to fix.</param>
internal sealed record SoakFault(string Name, Func<SoakSystem, Random, CancellationToken, Task> RunAsync)
{
    /// <summary>How long it may take until every key is looked up again.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>What it affects. Two concurrent faults affect different things.</summary>
    public SoakSubjects Subjects { get; init; } = SoakSubjects.Tables;

    /// <summary>A fault of statements: what goes wrong, some transactions, and the fix.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inject">Causes it.</param>
    /// <param name="heal">Fixes it; null: nothing has to be fixed.</param>
    /// <param name="silent">Whether it changes something without a row event.</param>
    public static SoakFault Of(string name, string inject, string? heal = null, bool silent = true) =>
        new(
            name,
            async (system, random, cancellationToken) =>
            {
                await system.Shop.ExecuteAsync(inject, silent, cancellationToken);
                await system.WrittenAsync(random.Next(2, 60), cancellationToken);
                if (heal is not null)
                    await system.Shop.ExecuteAsync(heal, silent, cancellationToken);
            }
        );
}
