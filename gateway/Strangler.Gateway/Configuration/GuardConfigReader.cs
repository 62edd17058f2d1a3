using Microsoft.Extensions.Configuration;
using Strangler.Evidence.Gates;
using Strangler.Evidence.Guards;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads <c>Strangler:Guards</c> of a route: its limits, or all its faults.</summary>
internal sealed class GuardConfigReader(IConfigurationSection section, List<Fault> faults)
{
    /// <summary>How it is written that any number of parts may be wrong.</summary>
    public const string None = "none";
    private const string DryRun = "DryRun";
    private const long MaxAllowedWrong = 999;
    private const long MaxAllowedRequests = 1_000_000;
    private const long MaxAllowedSlowdown = 1_000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(365);
    private static readonly string[] Members =
    [
        nameof(GuardRules.Action),
        nameof(GuardRules.RollbackTo),
        DryRun,
        nameof(GuardRules.MaxWrong),
        nameof(GuardRules.MaxMismatchRate),
        nameof(GuardRules.MaxLag),
        nameof(GuardRules.MaxFallbacks),
        nameof(GuardRules.MaxErrors),
        nameof(GuardRules.MaxSlowdown),
        nameof(GuardRules.MaxStuck),
        nameof(GuardRules.MinRequests),
        nameof(GuardRules.CoolDown),
        nameof(GuardRules.MaxCoolDown),
    ];
    private readonly SectionValues _values = new(section, faults);

    /// <summary>The section's meaning. If it has a fault, only part of it.</summary>
    public GuardRules Read()
    {
        var preset = GuardRules.Default;
        UnknownMembers.Find(section, Members, faults);
        var rate = _values.Share(nameof(GuardRules.MaxMismatchRate));
        return new GuardRules
        {
            Action = Action(),
            RollbackTo = RollbackTo(),
            IsDryRun = _values.Flag(DryRun, preset.IsDryRun),
            MaxWrong = MaxWrong(rate is null ? preset.MaxWrong : null),
            MaxMismatchRate = rate,
            MaxLag = Time(nameof(GuardRules.MaxLag)),
            MaxFallbacks = _values.Share(nameof(GuardRules.MaxFallbacks)),
            MaxErrors = _values.Share(nameof(GuardRules.MaxErrors)),
            MaxSlowdown = _values.Number(nameof(GuardRules.MaxSlowdown), 1, MaxAllowedSlowdown),
            MaxStuck = Time(nameof(GuardRules.MaxStuck)),
            MinRequests = _values.Number(nameof(GuardRules.MinRequests), preset.MinRequests, 1, MaxAllowedRequests),
            CoolDown = _values.Time(nameof(GuardRules.CoolDown), preset.CoolDown, TimeSpan.Zero, MaxTime),
            MaxCoolDown = _values.Time(nameof(GuardRules.MaxCoolDown), preset.MaxCoolDown, TimeSpan.Zero, MaxTime),
        };
    }

    private GuardAction Action()
    {
        switch (section[nameof(GuardRules.Action)])
        {
            case null or "rollback":
                return GuardAction.Rollback;
            case "freeze":
                return GuardAction.Freeze;
            case "canary":
                Add(
                    nameof(GuardRules.Action),
                    "A guard can't step back to 'canary': this version has no such stage.",
                    "Write 'rollback', which is the default, or 'freeze'."
                );
                return GuardAction.Rollback;
            case var text:
                Add(
                    nameof(GuardRules.Action),
                    $"'{text}' is not what a guard can do.",
                    "Write 'rollback', which is the default, or 'freeze'."
                );
                return GuardAction.Rollback;
        }
    }

    private Stage RollbackTo()
    {
        if (section[nameof(GuardRules.RollbackTo)] is not { } text)
            return GuardRules.Default.RollbackTo;
        if (StageText.TryParse(text, out var stage) && !stage.Traits().LookupAnswers)
            return stage;
        Add(
            nameof(GuardRules.RollbackTo),
            $"'{text}' is not a stage in which the call graph answers.",
            "Write 'shadow', which is the default, or 'legacy'."
        );
        return GuardRules.Default.RollbackTo;
    }

    private long? MaxWrong(long? otherwise)
    {
        var text = section[nameof(GuardRules.MaxWrong)];
        if (text is null)
            return otherwise;
        return text == None ? null : _values.Number(nameof(GuardRules.MaxWrong), otherwise ?? 0, 0, MaxAllowedWrong);
    }

    private TimeSpan? Time(string member) => _values.Time(member, TimeSpan.FromMilliseconds(1), MaxTime);

    private void Add(string member, string problem, string wayOut) =>
        faults.Add(new Fault($"{section.Path}:{member}", problem, wayOut));
}
