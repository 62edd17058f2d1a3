using Strangler.ChangeLog;

namespace Strangler.Projections.Moments;

internal sealed record WireKey(
    string Key,
    bool Quiet,
    Position? Touched,
    IReadOnlyList<WireMoment> Moments,
    IReadOnlyList<WireOutcome> Mixes,
    WireOutcome? Engine,
    int Commits
)
{
    public static WireKey Of(KeyMoments key) =>
        new(
            key.Key,
            key.Quiet,
            key.Touched,
            [
                .. key.Moments.Select(moment => new WireMoment(
                    moment.Position,
                    moment.Clock,
                    WireOutcome.Of(moment.Made)
                )),
            ],
            [.. key.Mixes.Select(WireOutcome.Of)],
            key.Engine is null ? null : WireOutcome.Of(key.Engine),
            key.Commits
        );

    public KeyMoments ToKey() =>
        new(
            Key,
            Quiet,
            Touched,
            [.. Moments.Select(moment => new KeyMoment(moment.Position, moment.Clock, moment.Made.ToMade()))],
            [.. Mixes.Select(mix => mix.ToMade())],
            Engine?.ToMade(),
            Commits
        );
}
