/** The look of the status page. Its tokens are those of the meeting page (apps/web/src/styles/tokens.css), as a test checks. */
export const STATUS_STYLE = `
:root {
  color-scheme: light dark;
  --surface: light-dark(oklch(0.975 0.004 85), oklch(0.21 0.012 250));
  --surface-raised: light-dark(oklch(1 0 0), oklch(0.255 0.013 250));
  --line: light-dark(oklch(0.865 0.006 85), oklch(0.325 0.013 250));
  --line-strong: light-dark(oklch(0.64 0.01 250), oklch(0.52 0.014 250));
  --text: light-dark(oklch(0.24 0.015 250), oklch(0.955 0.004 250));
  --text-soft: light-dark(oklch(0.455 0.014 250), oklch(0.745 0.012 250));
  --accent: light-dark(oklch(0.5 0.105 172), oklch(0.81 0.14 168));
  --accent-soft: light-dark(oklch(0.94 0.03 172), oklch(0.32 0.05 172));
  --danger-text: light-dark(oklch(0.5 0.19 25), oklch(0.77 0.13 25));
  --radius: 12px;
  --font:
    system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC",
    sans-serif;
}
* { box-sizing: border-box; margin: 0; }
body {
  max-width: 1240px;
  margin: 0 auto;
  padding: 28px 32px 48px;
  background: var(--surface);
  color: var(--text);
  font: 400 0.875rem / 1.5 var(--font);
}
html { background: var(--surface); text-size-adjust: 100%; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 8px 16px; margin-bottom: 4px; }
h1 { font-size: 1.25rem; font-weight: 600; line-height: 1.25; }
nav { display: flex; gap: 16px; margin-left: auto; }
a { color: var(--accent); text-underline-offset: 3px; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
.state { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 20px; margin-bottom: 20px; color: var(--text-soft); }
.state .ready, .state .away { display: inline-flex; align-items: center; gap: 8px; color: var(--text); }
.state .ready::before, .state .away::before { width: 8px; height: 8px; border-radius: 50%; background: var(--accent); content: ""; }
.state .away::before { background: var(--danger-text); }
#lost { margin-bottom: 16px; color: var(--danger-text); }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 16px; }
figure { padding: 16px 16px 10px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface-raised); }
figcaption { display: grid; grid-template-columns: auto 1fr; gap: 0 20px; }
figcaption div { min-width: 0; }
.name { display: flex; align-items: center; gap: 6px; color: var(--text-soft); white-space: nowrap; }
.pair .name::before { width: 10px; height: 2px; border-radius: 1px; background: var(--accent); content: ""; }
.pair .second .name::before { background: var(--text-soft); }
.value { font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; line-height: 1.3; white-space: nowrap; }
.second .value { font-weight: 400; }
.unit { color: var(--text-soft); font-size: 0.875rem; font-weight: 400; }
svg { display: block; width: 100%; height: 72px; }
path { fill: none; vector-effect: non-scaling-stroke; }
.rule { stroke: var(--line); stroke-dasharray: 2 4; }
.base { stroke: var(--line); }
.ground { fill: var(--accent-soft); }
.line { stroke: var(--accent); stroke-width: 1.5; stroke-linejoin: round; }
.line.second { stroke: var(--text-soft); }
.top { margin-bottom: 2px; color: var(--text-soft); font-size: 0.75rem; font-variant-numeric: tabular-nums; text-align: right; }
.scale { display: flex; justify-content: space-between; margin-top: 6px; color: var(--text-soft); font-size: 0.75rem; font-variant-numeric: tabular-nums; }
@media (max-width: 600px) { body { padding: 20px 16px 32px; } nav { width: 100%; margin-left: 0; } }
@media (prefers-contrast: more) { :root { --line: var(--line-strong); --text-soft: var(--text); } }
@media (forced-colors: active) {
  .line { stroke: CanvasText; }
  .line.second { stroke-dasharray: 4 3; }
  .ground { fill: none; }
  .pair .name::before { background: CanvasText; }
}
`;
