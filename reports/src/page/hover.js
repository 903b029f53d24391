// Reads all strips at one time, by pointer or keys.
(() => {
"use strict";
const split = s => s.split(" ").map(Number), make = n => document.createElement(n);
let on, x = 0;
// A path's pieces as corners, quarter pixels.
const pieces = p => p.pieces ??= p.getAttribute("d").split("M").slice(1).map(s => {
  const all = [];
  let x = 0, y = 0;
  for (const [, c, t] of ("l" + s).matchAll(/([lhv])([^lhv]*)/g))
    for (const n = t.match(/-?\d+/g).reverse(); n.length; all.push([x, y])) {
      c != "v" && (x += +n.pop());
      c != "h" && (y += +n.pop());
    }
  return all;
});
const reach = (p, x) => {
  const all = pieces(p).find(c => c[0][0] <= x && x < c.at(-1)[0] + 9);
  if (!all) return NaN;
  const k = all.findIndex(c => c[0] > x), b = all.at(k), a = all[k - 1] || b;
  return a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0] || 1);
};
const row = ({dataset: d, children}) => {
  const now = d.spans?.split("|").find(s => split(s)[0] <= x && x <= split(s)[1]);
  if (d.spans) return [d.strip, now?.replace(/[\d ]*/, "") || "–"];
  const [zero, step, digits] = split(d.y), value = y => isNaN(y) ? "–" : (zero + step * y).toFixed(digits);
  return [d.strip, [...children].filter(p => "name" in p.dataset)
    .map(p => p.dataset.name + " " + value(reach(p, x * 4))).join(" · ") + " " + d.unit];
};
const hide = () => { on?.hair.remove(); on?.box.remove(); on = 0 };
const show = (figure, move, aloud) => {
  const svg = figure.firstElementChild, d = svg.dataset, view = svg.viewBox.baseVal, [left, wide, end] = split(d.x);
  x = Math.min(left + wide, Math.max(left, move(svg)));
  if (on?.figure != figure) {
    hide();
    on = {figure, hair: document.createElementNS(svg.namespaceURI, "path"), box: make("dl")};
    on.hair.setAttribute("class", "hair");
    on.box.className = "readout";
    svg.append(on.hair);
    figure.append(on.box);
  }
  const {hair, box} = on, t = Math.round(end * (x - left) / wide), px = x / view.width * svg.clientWidth;
  hair.setAttribute("d", `M${x} 20V${view.height - 46}`);
  box.ariaLive = aloud ? "polite" : "off";
  box.replaceChildren(...[
    [d.mark + Math.floor(t / 60) + ":" + String(t % 60).padStart(2, 0), ""],
    ...[...svg.querySelectorAll("[data-strip]")].map(row)
  ].flat().map((s, i) => {
    const n = make(i % 2 ? "dd" : "dt");
    n.textContent = s;
    return n;
  }));
  box.style.left = (x < 600 ? px + 28 : px - box.offsetWidth) + "px";
};
addEventListener("pointermove", e => {
  const near = e.target.closest?.(".strips");
  if (!near) return document.activeElement == on?.figure || hide();
  show(near, svg => new DOMPoint(e.clientX).matrixTransform(svg.getScreenCTM().inverse()).x);
});
addEventListener("keydown", e => {
  const step = {ArrowLeft: -8, ArrowRight: 8, Home: -2e3, End: 2e3}[e.key];
  if (e.key == "Escape") hide();
  if (!step || !e.target.matches(".strips")) return;
  e.preventDefault();
  show(e.target, () => x + step * (e.shiftKey ? 10 : 1), true);
});
addEventListener("focusout", hide);
})();
