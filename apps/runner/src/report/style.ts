// The report's style sheet: light and dark, colours of Okabe and Ito (2008), which people with any colour vision tell apart.

/** Colours of curves in the order in which they are used; each also has a dash pattern of its own (client.ts). */
const LIGHT = ['#0072b2', '#d55e00', '#008060', '#a5478a', '#8a6100', '#2a6f97'];
const DARK = ['#56b4e9', '#f0935a', '#3ec79a', '#e29ac8', '#e8c33c', '#9ad0f5'];
const series = (colours: readonly string[]): string => colours.map((colour, i) => `--series-${i}:${colour}`).join(';');

const light = `--page:#fbfaf8;--card:#fff;--ink:#1d2329;--soft:#5a646e;--rule:#dfe2e5;--grid:#e9ebee;--accent:#0072b2;--kept:#e7f1f8;--made:#e8f5ee;--stopped:#fdebe4;--bad:#b23c00;${series(LIGHT)}`;
const dark = `--page:#14171a;--card:#1c2126;--ink:#e8eaec;--soft:#a2acb5;--rule:#343b42;--grid:#2a3036;--accent:#56b4e9;--kept:#1b3142;--made:#1a3a2e;--stopped:#47291c;--bad:#ff9d6f;${series(DARK)}`;

/** The whole style sheet; `data-theme` on the root overrides the system's choice. */
export const STYLE = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
:root[data-theme=light]{color-scheme:light;${light}}
:root[data-theme=dark]{color-scheme:dark;${dark}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
main,header,footer{max-width:1120px;margin:0 auto;padding:0 24px}
header{padding-top:36px;display:flex;gap:24px;align-items:flex-start;justify-content:space-between}
h1{font-size:30px;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:20px;margin:44px 0 14px}
h3{font-size:15px;margin:0 0 2px}
p{margin:0 0 10px}.soft{color:var(--soft)}.bad{color:var(--bad)}
button{font:inherit;font-size:14px;color:var(--ink);background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:6px 12px;cursor:pointer;white-space:nowrap}
button:focus-visible,summary:focus-visible,a:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.verdict{margin:20px 0 0;padding:14px 18px;border-radius:10px;background:var(--card);border:1px solid var(--rule);border-left:4px solid var(--accent)}
.verdict p{margin:0 0 4px}.verdict p:last-child{margin:0}
.tripwire{margin:14px 0 0;padding:12px 18px;border-radius:10px;background:var(--stopped);border:1px solid var(--bad);border-left:6px solid var(--bad)}
.tripwire p{margin:0 0 4px}.tripwire ol{margin:0;padding-left:22px}
.stage{font-size:16px;margin:26px 0 10px}
.beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,210px),1fr));gap:14px}
.masked .read{color:var(--soft)}mark{background:var(--made);color:var(--ink);border-radius:3px;box-shadow:inset 0 -2px 0 var(--series-2)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(136px,1fr));gap:12px;margin:20px 0 0}
.tile{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:12px 16px}
.tile b{display:block;font-size:23px;font-weight:650;font-variant-numeric:tabular-nums;line-height:1.25}
.tile span{color:var(--soft);font-size:13px}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:16px}
figure{margin:0;background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:14px 16px 10px;min-width:0}
figure.wide{grid-column:1/-1}
figcaption{font-size:13px;color:var(--soft);margin-bottom:6px}
.head{display:flex;justify-content:space-between;gap:12px;align-items:baseline}
.head button{padding:1px 9px;font-size:12px}
.plot{width:100%}
details{font-size:14px}summary{cursor:pointer;color:var(--soft);padding:4px 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;min-width:min(100%,420px);font-size:14px}
caption{text-align:left;font-weight:600;padding:0 0 6px}
th,td{padding:6px 22px 6px 0;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top;font-weight:400}
thead th{color:var(--soft);font-size:13px}
.number{text-align:right;font-variant-numeric:tabular-nums}
.card{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:16px 18px;margin-bottom:16px}
pre,.sample{font:14px/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:0}
.sample .prompt{color:var(--accent);font-weight:600}
.sample+.when,.when{font-size:13px;color:var(--soft);margin:14px 0 4px}.when:first-child{margin-top:0}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(230px,1fr));gap:8px 24px;margin:0;font-size:14px}
dt{color:var(--soft);font-size:13px}dd{margin:0;overflow-wrap:anywhere}
svg .edge{fill:none;stroke:var(--soft);stroke-width:1.4}svg .arrowhead{fill:var(--soft)}
svg rect{fill:var(--card);stroke:var(--soft);stroke-width:1.2}
svg .kept rect{fill:var(--kept);stroke-dasharray:5 3}svg .made rect{fill:var(--made)}svg .stopped rect{fill:var(--stopped);stroke:var(--bad);stroke-width:2}
svg text{fill:var(--ink);font-size:12px}svg .name{font-weight:650;font-size:14px}svg .what,svg .state{fill:var(--soft);font-size:11.5px}
figure.frontier svg{display:block;width:100%;height:auto}
svg .grid{stroke:var(--grid);stroke-width:1}svg .tick{fill:var(--soft);font-size:11px}svg .axis{fill:var(--soft);font-size:12px}svg .tag{fill:var(--soft);font-size:11px;paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
svg circle.wire{fill:none;stroke:var(--bad);stroke-width:2}svg text.wire{fill:var(--bad);font-size:11.5px;font-weight:600}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px;margin:6px 0 4px}.legend i{display:inline-block;width:18px;height:3px;border-radius:2px;margin-right:7px;vertical-align:middle}.legend i.cloud{width:7px;height:7px;border-radius:50%;opacity:.6}
.controls{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,170px),1fr));gap:10px 16px;align-items:end;margin:0 0 14px;padding:0 0 14px;border-bottom:1px solid var(--rule);font-size:14px}
.controls[hidden]{display:none}
.controls label>span{display:block;color:var(--soft);font-size:13px;margin-bottom:2px}.controls .check{display:flex;gap:8px;align-items:center;padding-bottom:7px}.controls .check span{margin:0;color:var(--ink);font-size:14px}
.controls input[type=search],.controls select{font:inherit;width:100%;min-width:0;color:var(--ink);background:var(--page);border:1px solid var(--rule);border-radius:8px;padding:6px 10px}
.controls input:focus-visible,.controls select:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.controls [role=status]{margin:0;padding-bottom:7px}
.stepper{grid-column:1/-1;display:flex;gap:10px;align-items:center}.stepper input{flex:1;min-width:0;accent-color:var(--accent)}.stepper input:disabled{opacity:.35}.stepper output{min-width:11em;font-weight:650;font-variant-numeric:tabular-nums}
.step{border-top:1px solid var(--rule)}.step:first-of-type{border-top:0}.step summary{padding:8px 0}.step summary b{color:var(--ink)}.awake .step{border-top:0}.awake .step summary{list-style:none;cursor:default}.awake .step summary::-webkit-details-marker{display:none}.control{opacity:.75;font-size:11.5px}
.step table{width:100%;min-width:640px}.step tr:last-child td{border-bottom:0}.step tr[hidden]{display:none}
.step .asked,.step .answer{min-width:180px;width:38%}.said{font:13.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;white-space:pre-wrap;overflow-wrap:anywhere}.step .asked .said{color:var(--soft)}
.bar{display:inline-block;min-width:76px;padding:1px 7px;border-radius:5px;background:linear-gradient(to right,var(--made) var(--share),var(--page) 0);box-shadow:inset 0 0 0 1px var(--rule)}
.cut{color:var(--bad);font-weight:600}::highlight(found){background:#ffd54a;color:#1d2329}
footer{padding:40px 24px 48px;color:var(--soft);font-size:13px}
.u-legend{font-size:13px;color:var(--ink)}.u-legend .u-value{font-variant-numeric:tabular-nums}
.u-legend th{border:0;padding:0}.u-legend td{border:0}.u-legend tr{border:0}
@media print{button,.head button{display:none}.card,figure,.tile{break-inside:avoid}}
`;
