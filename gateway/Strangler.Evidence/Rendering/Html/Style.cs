namespace Strangler.Evidence.Rendering.Html;

/// <summary>
/// The page's style: the reader's own fonts, light or dark as the reader's system is set, each text with a contrast of
/// at least 4.5 to its background (WCAG 2.2, 1.4.3).
/// </summary>
internal static class Style
{
    public const string Sheet = """
        :root {
          color-scheme: light dark;
          --ground: #fbfbf9; --card: #ffffff; --ink: #1c1f23; --soft: #565d66; --line: #d9dbd6; --link: #0b5cad;
          --match: #2f7d4f; --wrong: #b3261e; --torn: #8a5a00; --incomparable: #5b6470; --undetermined: #6a4fb3;
          --good-ground: #e4f3e9; --bad-ground: #fbe7e5; --mark: #ffe3a3; --mark-ink: #3d2b00;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #14171a; --card: #1d2125; --ink: #e9ecef; --soft: #a8b0b9; --line: #353b42; --link: #8ec1ff;
            --match: #6fcf97; --wrong: #ff8a80; --torn: #f0b95a; --incomparable: #aab3be; --undetermined: #b9a3ff;
            --good-ground: #17352358; --bad-ground: #4a1c1966; --mark: #6b4d00; --mark-ink: #fff3d6;
          }
        }
        * { box-sizing: border-box; }
        html { scroll-padding-top: 1rem; }
        body {
          margin: 0 auto; max-width: 76rem; padding: 1.5rem clamp(1rem, 3vw, 2.5rem) 4rem;
          background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
        }
        a { color: var(--link); }
        :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        .skip { position: absolute; left: -100rem; }
        .skip:focus { position: static; }
        h1 { font-size: 1.6rem; margin: 0; }
        h2 { font-size: 1.35rem; margin: 0; overflow-wrap: anywhere; }
        h3 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
        .soft { color: var(--soft); }
        code, pre { font: .85rem/1.45 ui-monospace, monospace; }
        nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; padding: 0; margin: .75rem 0 0; }
        .route {
          background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
          padding: 1.25rem clamp(1rem, 2.5vw, 2rem) 1.75rem; margin-top: 1.5rem;
        }
        .headline { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; }
        .stage { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .7rem; font-size: .9rem; }
        .gate {
          border-left: .35rem solid var(--match); background: var(--good-ground);
          padding: .7rem 1rem; margin: 1rem 0; border-radius: .25rem;
        }
        .gate.no { border-color: var(--wrong); background: var(--bad-ground); }
        .gate p, .gate ul { margin: 0; }
        .gate ul { padding-left: 1.2rem; }
        .tiles {
          display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem;
          margin: 1rem 0; padding: 0;
        }
        .tiles div { border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; }
        .tiles dt { color: var(--soft); font-size: .85rem; }
        .tiles dd { margin: 0; font-size: 1.3rem; font-variant-numeric: tabular-nums; }
        .tiles small { display: block; font-size: .8rem; color: var(--soft); }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .92rem; }
        caption { text-align: left; color: var(--soft); padding: .2rem 0; }
        th, td {
          text-align: left; vertical-align: top; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line);
        }
        thead th { color: var(--soft); font-weight: 600; }
        .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td code { overflow-wrap: anywhere; }
        summary, p { overflow-wrap: anywhere; }
        figure { margin: .5rem 0; }
        svg { display: block; width: 100%; height: auto; }
        .legend {
          display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .9rem;
          padding: 0; margin: .25rem 0; list-style: none;
        }
        .legend li::before {
          content: ""; display: inline-block; width: .8rem; height: .8rem; border-radius: .15rem;
          margin-right: .4rem; background: var(--swatch);
        }
        details { margin: .6rem 0; }
        summary { cursor: pointer; }
        details.fault { border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .9rem; }
        .kind { color: var(--wrong); font-weight: 600; }
        .sides { display: grid; grid-template-columns: 1fr 1fr; gap: .9rem; }
        @media (max-width: 48rem) { .sides { grid-template-columns: 1fr; } }
        .sides > div { min-width: 0; }
        .sides h5 { margin: .5rem 0 .2rem; font-size: .9rem; }
        h4 { margin: 1rem 0 .3rem; font-size: .98rem; overflow-wrap: anywhere; }
        .sides pre {
          margin: 0; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .3rem;
          overflow: auto; max-height: 26rem; background: var(--ground);
        }
        mark {
          background: var(--mark); color: var(--mark-ink); text-decoration: underline; text-underline-offset: .2em;
          padding: 0 .15rem; border-radius: .15rem;
        }
        .fold { color: var(--soft); font-style: italic; }
        @media print { .route { break-inside: avoid-page; } details:not([open]) > :not(summary) { display: block; } }
        """;
}
