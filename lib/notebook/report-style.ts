/** Looks of the report: one column on a phone, contents at the side on a desk; readable on paper. */
export const reportStyle = `
:root { color-scheme: light; --ink: #222; --soft: #595959; --line: #d9d9d9; --link: #005a9c; }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; color: var(--ink); background: #fff;
  font: 1rem/1.6 "Open Sans", system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; overflow-wrap: break-word; }
header { padding: 1.5rem max(1rem, calc((100% - 100rem) / 2)); border-bottom: 1px solid var(--line); background: #f7f8f9; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.4rem; line-height: 1.3; margin: 0 0 1rem; }
h3 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h4, h5, h6 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, .wide:focus-visible { outline: 3px solid #e69f00; outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; background: #fff; padding: .5rem 1rem; z-index: 1; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .5rem 1.5rem; margin: 0; }
dt { color: var(--soft); font-size: .8rem; }
dd { margin: 0; font-size: .95rem; }
.columns { padding: 0 1rem 4rem; }
nav { padding-top: 1.5rem; font-size: .95rem; }
nav h2 { font-size: 1rem; margin: 0 0 .5rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li { margin: .3rem 0; line-height: 1.4; }
nav .level-3 { padding-left: 1rem; font-size: .9em; }
/* Lines of text stay short; wide tables take the room there is. */
:is(h2, h3, h4, p, blockquote, main ul, main ol, main pre) { max-width: 50rem; }
section { padding-top: 2rem; margin-top: 2rem; border-top: 1px solid var(--line); }
section:first-child { border-top: 0; margin-top: 0; }
blockquote { margin: 1rem 0; padding: .1rem 1rem; border-left: 4px solid #0072b2; background: #f3f8fb; }
.wide { overflow-x: auto; margin: 1.25rem 0; container-type: inline-size; }
.figure, .wide img { max-width: none; display: block; }
img { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .5rem;
  position: sticky; left: 0; max-width: min(50rem, 100cqi); }
th, td { padding: .35rem .9rem .35rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--ink); vertical-align: bottom; }
tbody th { font-weight: 400; }
tbody th, td { white-space: nowrap; } /* names are not broken at their hyphens */
tbody .long { white-space: normal; min-width: min(20rem, 60cqi); }
pre { overflow-x: auto; padding: .75rem 1rem; background: #f6f6f6; border-radius: 4px; font-size: .85rem; line-height: 1.45; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.output { background: none; border-left: 3px solid var(--line); border-radius: 0; }
details.code { margin: 1rem 0; font-size: .9rem; }
summary { cursor: pointer; color: var(--soft); display: inline-block; }
summary::before { content: "▸ "; }
details[open] > summary::before { content: "▾ "; }
@media (max-width: 69.99rem) { nav .level-3 { display: none; } }
@media (min-width: 70rem) {
  .columns { display: grid; grid-template-columns: 16rem minmax(0, 1fr); gap: 3rem;
    padding: 0 max(1rem, calc((100% - 100rem) / 2)) 4rem; }
  nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; }
}
@media print { nav, details.code, .skip { display: none; } .wide { overflow: visible; break-inside: avoid; } }
`;

/**
 * Draws the figures; each keeps the size it was laid out for. To a keyboard a figure is an image, whose tools are the
 * mouse's, and a region is a stop only where it has something to scroll.
 */
export const reportScript = `
JSON.parse(document.getElementById("figures").textContent).forEach(function (figure, i) {
  Plotly.newPlot("figure-" + (i + 1), figure.data, figure.layout, {
    displaylogo: false,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"]
  }).then(function (drawn) {
    drawn.querySelectorAll(".modebar-btn").forEach(function (button) { button.tabIndex = -1; });
  });
});
function markScrollable() {
  document.querySelectorAll(".wide").forEach(function (region) {
    if (region.scrollWidth > region.clientWidth) region.tabIndex = 0;
    else region.removeAttribute("tabindex");
  });
}
markScrollable();
addEventListener("resize", markScrollable);
`;
