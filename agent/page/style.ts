/** Light by day, dark at night, one column on a phone. It stands in the page: there is nothing else to fetch. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f2f4f7;--card:#fff;--text:#17202a;--dim:#4b5865;--line:#d5dbe2;--link:#0b4f9e;
--good:#0a6132;--warn:#7d4200;--bad:#a8121a;--good-bg:#e2f4e9;--warn-bg:#fdeed6;--bad-bg:#fde4e4;--plain-bg:#e9edf2}
@media (prefers-color-scheme:dark){:root{--bg:#0f141a;--card:#19212a;--text:#e9eef3;--dim:#aab6c2;--line:#313c48;--link:#8cc2ff;
--good:#7be0a5;--warn:#ffc46b;--bad:#ff9c98;--good-bg:#12352a;--warn-bg:#3d2c10;--bad-bg:#45191b;--plain-bg:#2a343f}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
header,main,footer,.notice{max-width:64rem;margin:0 auto;padding:0 .75rem}
header{display:flex;justify-content:space-between;align-items:center;gap:.75rem;padding-top:.5rem;padding-bottom:.25rem}
h1{font-size:1.05rem;margin:0}
h1 small{display:block;font-weight:400;font-size:.85rem;color:var(--dim)}
h2{font-size:1.05rem;margin:0 0 .4rem}
h3{font-size:.95rem;margin:1rem 0 .3rem}
p{margin:0 0 .4rem}
a{color:var(--link)}
header a{padding:.6rem .4rem;white-space:nowrap}
h1{min-width:0}
a:focus-visible,summary:focus-visible,input:focus-visible,button:focus-visible,main:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-999rem}
.skip:focus{left:.5rem;top:.5rem;background:var(--card);padding:.6rem;z-index:1}
.headline{display:flex;gap:.6rem;align-items:center;margin:0 0 .25rem;padding:.7rem .8rem;border-radius:.6rem;font-size:1.2rem;line-height:1.35;font-weight:700;color:#fff}
.headline.ok{background:#0a6132}.headline.degraded{background:#8a4a00}.headline.fault{background:#a8121a}
.mark{flex:none;width:1.9rem;height:1.9rem;line-height:1.9rem;border-radius:50%;text-align:center;background:rgba(255,255,255,.22)}
section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.7rem .8rem;margin:0 0 .6rem}
.dim{color:var(--dim);font-size:.9rem}
.lost{background:var(--bad-bg);color:var(--bad);border:2px solid;border-radius:.6rem;padding:.6rem .8rem;font-weight:700}
.plain{list-style:none;margin:0;padding:0}
.plain li{padding:.45rem 0;border-top:1px solid var(--line)}
.plain li:first-child{border-top:0;padding-top:0}
.plain li>p:last-child{margin:.15rem 0 0}
.next{color:var(--dim)}
.title{font-weight:600}
time{font-variant-numeric:tabular-nums;font-weight:600}
.badge{display:inline-block;padding:0 .45rem;border-radius:.4rem;font-size:.9rem;font-weight:600}
.good{color:var(--good);background:var(--good-bg)}.warn{color:var(--warn);background:var(--warn-bg)}
.bad{color:var(--bad);background:var(--bad-bg)}.badge.plain{color:var(--text);background:var(--plain-bg)}
progress{width:100%;height:.9rem;accent-color:var(--link)}
dl{margin:0}
dl div{display:flex;gap:.6rem;padding:.3rem 0;border-top:1px solid var(--line)}
dl div:first-child{border-top:0}
dt{flex:0 0 6rem;color:var(--dim)}
dd{margin:0;flex:1;min-width:0}
figure{margin:0 0 .6rem}
figure:last-child{margin:0}
.led{display:block;max-width:100%;height:auto;image-rendering:pixelated;background:#000;border:.4rem solid #222;border-radius:.4rem}
.dark{background:#000;color:#c9d1d9;border:.4rem solid #222;border-radius:.4rem;padding:.8rem;margin:0;text-align:center}
figcaption{margin-top:.3rem}
summary{cursor:pointer;padding:.5rem 0;color:var(--link);font-weight:600}
footer{padding-bottom:1.5rem}
.notice{padding-top:1.5rem;max-width:32rem}
label{display:block;font-weight:600;margin:.6rem 0 .2rem}
input,button{font:inherit;padding:.6rem;width:100%;border-radius:.4rem;border:1px solid var(--dim);background:var(--card);color:var(--text)}
button{margin-top:.6rem;background:#0b4f9e;color:#fff;border-color:#0b4f9e;font-weight:700}
@media (min-width:50rem){#live{display:grid;grid-template-columns:1fr 1fr;gap:0 .8rem;align-items:start}
#live>.wide{grid-column:1/-1}.col{min-width:0}dt{flex-basis:8rem}}
@media (prefers-reduced-motion:no-preference){summary{transition:color .1s}}
`
