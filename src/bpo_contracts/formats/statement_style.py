"""The style sheet of the statement page: screen and paper, light and dark, from 390 pixels up. Nothing is loaded."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root{color-scheme:light dark;--page:#eef0f3;--paper:#fff;--ink:#17202b;--soft:#505b69;--rule:#d5dae1;
--faint:#f5f7f9;
--accent:#1d4870;--below:#9b2a16;--reached:#fff6da;--reached-edge:#8a6a00;--none:#7c8794;--other-1:#4a74ad;
--credit-1:#d58a17;--credit-2:#c5601a;--credit-3:#ad3a1e;--credit-4:#7b1f1a;
--bonus-1:#4c9a68;--bonus-2:#2f7f54;--bonus-3:#1f6644;--bonus-4:#124a30;
--good:#1d6541;--good-bg:#e3f2e9;--bad:#8f2513;--bad-bg:#fbe9e5;--note:#1d4870;--note-bg:#e6eef6;
--sans:"Segoe UI","Helvetica Neue",Helvetica,Arial,"Liberation Sans",sans-serif;
--serif:Charter,"Iowan Old Style",Georgia,Cambria,"Liberation Serif",serif}
@media screen and (prefers-color-scheme:dark){:root{--page:#10151b;--paper:#19212a;--ink:#e8ecf1;--soft:#a9b4c1;
--rule:#34404d;
--faint:#202a35;--accent:#8fbde8;--below:#ff9c85;--reached:#3a3210;--reached-edge:#d9b33c;--none:#8f9aa8;
--other-1:#7fa8df;
--credit-1:#f2b04d;--credit-2:#f08c4a;--credit-3:#ec6a4c;--credit-4:#f0483c;
--bonus-1:#a5dcb8;--bonus-2:#79c796;--bonus-3:#54b37a;--bonus-4:#379c62;
--good:#8fd8ae;--good-bg:#17372a;--bad:#ffab98;--bad-bg:#43201a;--note:#9cc7ef;--note-bg:#1b3147}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 var(--sans);overflow-wrap:anywhere}
.sheet{max-width:1080px;margin:0 auto;padding:32px 40px 48px;background:var(--paper)}
h1,h2,h3,h4,h5,p,figure,blockquote,dl,dd{margin:0}
.kicker{font-size:13px;letter-spacing:.09em;text-transform:uppercase;color:var(--soft)}
h1{font:600 33px/1.18 var(--serif);margin:4px 0 20px}
h2{font:600 23px/1.25 var(--serif)}
h3{font-size:17px;margin:32px 0 10px}
h4{font-size:16px;line-height:1.4}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:14px 28px;padding:16px 0;
border:solid var(--rule);border-width:1px 0}
.facts dt,.tiles dt{font-size:13px;color:var(--soft)}
.facts dd{font-weight:600}
.facts .seal{font:12.5px/1.5 ui-monospace,Consolas,"Liberation Mono",monospace}
.facts .wide{grid-column:1/-1}
.tiles{display:grid;grid-template-columns:repeat(3,1fr);margin:20px 0 8px;border:1px solid var(--rule);
border-radius:8px}
.tiles div{padding:14px 18px;border-left:1px solid var(--rule)}
.tiles div:first-child{border-left:0}
.tiles dd{font-size:24px;line-height:1.3}
.tiles .net dd{font-weight:700}
.amount,.value{font-variant-numeric:tabular-nums lining-nums}
.amount{white-space:nowrap}
.value{display:inline-block;max-width:100%}
.g{margin-left:.19em}
.below{color:var(--below)}
.unit{font-size:.82em;color:var(--soft);white-space:nowrap}
.box{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:15px}
caption{text-align:left;color:var(--soft);font-size:13px;padding:0 0 6px}
th,td{padding:8px 10px;border-bottom:1px solid var(--rule);text-align:left;vertical-align:baseline}
th{font-weight:400}
thead th{white-space:nowrap;font-size:13px;color:var(--soft);border-bottom:1.5px solid var(--soft)}
th:first-child,td:first-child{padding-left:0}
th:last-child,td:last-child{padding-right:0}
.num{text-align:right;white-space:nowrap}
.cl{white-space:nowrap;width:1%;padding-right:20px;color:var(--soft)}
tr.sub th,tr.sub td{font-weight:600;border-bottom:1.5px solid var(--soft)}
tr.total th,tr.total td{font-weight:700;font-size:17px;border-bottom:3px double var(--ink);padding-top:12px}
.old td,.old th{color:var(--soft)}
.days{font:400 14px var(--sans);color:var(--soft);white-space:nowrap}
.value+.days,.chip+.days{margin-left:10px}
.scope{font-weight:400;color:var(--soft)}
.chip{display:inline-block;padding:0 8px;border-radius:10px;font-size:12.5px;line-height:20px;font-weight:600;
white-space:nowrap;
color:var(--soft);background:var(--faint);box-shadow:inset 0 0 0 1px var(--rule)}
.chip.good{color:var(--good);background:var(--good-bg);box-shadow:none}
.chip.bad{color:var(--bad);background:var(--bad-bg);box-shadow:none}
.chip.note{color:var(--note);background:var(--note-bg);box-shadow:none}
summary{cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
summary::before{content:"";flex:none;width:7px;height:7px;margin:0 12px 0 3px;border:solid var(--soft);
border-width:0 2px 2px 0;
transform:rotate(-45deg);align-self:center}
details[open]>summary::before{transform:rotate(45deg)}
.period{border-top:1px solid var(--rule)}
.period>summary{display:flex;gap:0;align-items:baseline;padding:14px 0}
.period>summary h3{margin:0;font:600 20px/1.3 var(--serif);flex:1}
.period>summary .result{font-size:18px}
.period>summary .adj{color:var(--soft);font-size:14px;margin-right:26px}
.only{padding-top:26px}
.period .inner{padding:0 0 40px}
.part{margin:32px 0 10px;font-size:17px}
h2.part{font-size:23px;margin-top:44px}
.overview{padding-top:26px}
.clause{border:1px solid var(--rule);border-radius:8px;margin:14px 0;break-inside:auto}
.clause>header{display:grid;grid-template-columns:auto minmax(0,1fr) auto;gap:4px 14px;align-items:baseline;
padding:13px 18px;
background:var(--faint);border-radius:8px 8px 0 0;border-bottom:1px solid var(--rule)}
.no{font-weight:700;color:var(--accent);font-variant-numeric:tabular-nums}
.result{font-weight:700;text-align:right}
h4 .chip,h5 .chip{vertical-align:1px}
blockquote{padding:0 0 12px;font:italic 16.5px/1.55 var(--serif);max-width:76ch}
blockquote p::before{content:"\\201c"}
blockquote p::after{content:"\\201d"}
.line{padding:14px 18px}
.line+.line{border-top:1px solid var(--rule)}
h5{display:flex;gap:12px;justify-content:space-between;align-items:baseline;font-size:15px;margin-bottom:10px}
.columns{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,400px);gap:24px 40px;align-items:start}
.sums th,.sums td{padding:5px 0}
.sums td{text-align:right;padding-left:14px}
.sums .sum th,.sums .sum td{font-weight:700;border-top:1.5px solid var(--ink);border-bottom:0}
.how{display:block;font-size:13px;line-height:1.4;color:var(--soft);font-weight:400}
.remark{font-size:13.5px;line-height:1.45;color:var(--soft);margin-top:4px}
.reach{font-size:13.5px;color:var(--soft);margin-top:2px}
figcaption{font-size:14px;color:var(--soft);margin-bottom:6px}
figcaption strong{color:var(--ink)}
.figures{display:grid;gap:22px}
.more{margin:0;padding-left:18px;font-size:14px}
.bands{display:block;width:100%;max-width:400px;height:auto;font:13px var(--sans)}
.bands text{fill:var(--ink)}
.bands .gives,.bands .measured{text-anchor:end;font-weight:600}
.bands .row:not(.here) .gives{font-weight:400}
.bands .measured{font-weight:700}
.here .label{font-weight:600}
.reached{fill:var(--reached);stroke:var(--reached-edge);stroke-width:1.2}
.band.none{fill:var(--none)}.band.other-1,.band.other-2,.band.other-3,.band.other-4{fill:var(--other-1)}
.band.credit-1{fill:var(--credit-1)}.band.credit-2{fill:var(--credit-2)}.band.credit-3{fill:var(--credit-3)}
.band.credit-4{fill:var(--credit-4)}.band.bonus-1{fill:var(--bonus-1)}.band.bonus-2{fill:var(--bonus-2)}
.band.bonus-3{fill:var(--bonus-3)}.band.bonus-4{fill:var(--bonus-4)}
.end{stroke:var(--ink);stroke-width:1.6}.end.in{fill:var(--ink)}.end.out{fill:var(--paper)}
.pointer{fill:var(--ink)}.across{stroke:var(--ink);stroke-width:2.5}
.chart{display:grid;grid-template-columns:auto minmax(0,1fr);gap:4px 10px;margin:22px 0 26px;font-size:13px;
color:var(--soft)}
.chart figcaption,.chart .bars{grid-column:2}
.chart .axis{display:flex;flex-direction:column;justify-content:space-between;text-align:right;grid-column:1;
grid-row:2}
.chart .ends{grid-column:2;display:flex;justify-content:space-between}
.bars{display:block;width:100%;height:130px;grid-row:2}
.zero{stroke:var(--soft);stroke-width:1;vector-effect:non-scaling-stroke}
.nowrap{white-space:nowrap}
.key{display:inline-block;width:10px;height:10px;margin:0 5px 0 12px;background:var(--bonus-2)}
.key.down{background:var(--credit-3)}
.trail{margin-top:12px}
.trail>summary{display:flex;align-items:baseline;font-size:14px;color:var(--accent);padding:4px 0}
.trail ul{list-style:none;margin:0;padding:0 0 0 16px;border-left:1.5px solid var(--rule)}
.trail>ul{padding-left:14px;margin:6px 0 2px 6px}
.trail li{padding:5px 0 2px}
.step{display:flex;gap:14px;justify-content:space-between;align-items:baseline;font-size:14.5px}
.step .value{text-align:right}
.again{color:var(--soft)}
.trail .remark{margin-top:0}
.legend{margin-top:28px;padding-top:16px;border-top:1px solid var(--rule);font-size:13.5px;line-height:1.55;
color:var(--soft)}
@media (max-width:720px){.sheet{padding:20px 16px 32px}h1{font-size:27px}.columns{
grid-template-columns:minmax(0,1fr)}
.value+.days{margin-left:0}.tiles{grid-template-columns:minmax(0,1fr)}.tiles div{border-left:0;
border-top:1px solid var(--rule);
padding:8px 14px;display:flex;
justify-content:space-between;align-items:baseline}.tiles div:first-child{border-top:0}.tiles dd{font-size:18px}
.facts{grid-template-columns:repeat(2,minmax(0,1fr));gap:12px 18px}.clause>header{
grid-template-columns:auto minmax(0,1fr);padding:11px 13px}
.clause>header .result{grid-column:2;text-align:left}.line{padding:12px 13px}blockquote{font-size:16px}
th,td{padding:7px 5px}.wide-table table{font-size:13.5px}.wide-table tr.total th,.wide-table tr.total td{
font-size:14px}.wide-table .g{margin-left:.15em}.cl{padding-right:8px}.period>summary{flex-wrap:wrap}
.period>summary .adj{order:3;width:100%;margin:0 0 0 22px}
.step{flex-wrap:wrap;gap:0 12px}.step .value{margin-left:auto}}
@media print{@page{margin:16mm 14mm}body{background:none;font-size:10.5pt}.sheet{max-width:none;padding:0}
.trail::details-content{content-visibility:visible;display:block;block-size:auto}.trail>summary::before{
display:none}
.box{overflow:visible}h2,h3,h4,h5,.clause>header,figcaption{break-after:avoid}figure,tr,li>.step,.tiles{
break-inside:avoid}
.band,.chip,.key,.reached,.clause>header{print-color-adjust:exact;-webkit-print-color-adjust:exact}a{color:inherit}}
"""
