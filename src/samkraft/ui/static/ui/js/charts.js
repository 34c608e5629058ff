// Reading charts and maps. A chart's values are read by pointer, touch and keyboard: one point is in the tab order,
// arrow keys move along the years, Home and End to the ends, up and down between series. A focused point is read out
// by its own label; the live region speaks only for a pointer or a tap, or the value would be heard twice.
const enhanced = new WeakSet();

function enhance(figure) {
  const points = [...figure.querySelectorAll(".point")];
  const frame = figure.querySelector(".chart__frame");
  if (!points.length || !frame || enhanced.has(figure)) return;
  enhanced.add(figure);

  const tip = document.createElement("div");
  tip.className = "chart__tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  const spoken = document.createElement("p");
  spoken.className = "ds-sr-only";
  spoken.setAttribute("role", "status");
  frame.append(tip, spoken);

  const series = new Map();
  for (const point of points) {
    const name = point.dataset.series ?? "";
    series.set(name, [...(series.get(name) ?? []), point]);
  }
  const names = [...series.keys()];

  /** Where the value stands, in pixels from the frame's corner: data-x and data-y are in the drawing's own units. */
  function spot(point) {
    const box = frame.getBoundingClientRect();
    const { x, y } = point.dataset;
    if (x !== undefined && y !== undefined) {
      const drawn = new DOMPoint(Number(x), Number(y)).matrixTransform(point.ownerSVGElement.getScreenCTM());
      return { x: drawn.x - box.left, y: drawn.y - box.top, width: box.width };
    }
    const marks = [...point.querySelectorAll(".point__dot, .chart__dot, .chart__last, .chart__bar")];
    const boxes = (marks.length ? marks : [point]).map((shape) => shape.getBoundingClientRect());
    const mark = boxes.reduce((highest, shape) => (shape.top < highest.top ? shape : highest));
    return { x: mark.left + mark.width / 2 - box.left, y: mark.top - box.top, width: box.width };
  }

  function place(point) {
    const { x, y, width } = spot(point);
    const left = Math.min(Math.max(x - tip.offsetWidth / 2, 0), width - tip.offsetWidth);
    const above = y - tip.offsetHeight - 12;
    const top = above < -tip.offsetHeight ? y + 16 : above;
    tip.style.translate = `${Math.round(left)}px ${Math.round(top)}px`;
  }

  function read(point) {
    figure.querySelector(".point.is-read")?.classList.remove("is-read");
    point.classList.add("is-read");
    const label = document.createElement("strong");
    label.textContent = point.dataset.value;
    tip.replaceChildren(document.createTextNode(point.dataset.label), label);
    tip.hidden = false;
    place(point);
  }

  function unread() {
    figure.querySelector(".point.is-read")?.classList.remove("is-read");
    tip.hidden = true;
  }

  function rove(point) {
    points.forEach((other) => other.setAttribute("tabindex", other === point ? "0" : "-1"));
    point.focus();
  }

  function neighbour(point, key) {
    const name = point.dataset.series ?? "";
    const line = series.get(name);
    const index = line.indexOf(point);
    const along = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: line.length - 1 };
    if (key in along) return line[along[key]];
    const across = { ArrowUp: -1, ArrowDown: 1 }[key];
    const next = across && series.get(names[names.indexOf(name) + across]);
    return next?.find((other) => other.dataset.label === point.dataset.label) ?? next?.[Math.min(index, next.length - 1)];
  }

  const last = points[points.length - 1];
  points.forEach((point) => point.setAttribute("tabindex", point === last ? "0" : "-1"));

  figure.addEventListener("keydown", (event) => {
    const point = event.target.closest(".point");
    if (!point || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") return unread();
    if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
    const next = neighbour(point, event.key);
    if (!next && names.length === 1 && /Up|Down/.test(event.key)) return;
    event.preventDefault();
    if (next) rove(next);
  });
  figure.addEventListener("focusin", (event) => {
    const point = event.target.closest(".point");
    if (point) read(point);
  });
  figure.addEventListener("focusout", unread);
  figure.addEventListener("pointerover", (event) => {
    const point = event.target.closest(".point");
    if (point) read(point); else if (event.pointerType === "mouse") unread();
  });
  figure.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && !figure.contains(document.activeElement)) unread();
  });
  figure.addEventListener("click", (event) => {
    const point = event.target.closest(".point");
    if (!point) return unread();
    read(point);
    spoken.textContent = `${point.dataset.label}: ${point.dataset.value}`;
  });
}

/** An area's own border lies below its later neighbours, so the ring of the focused one is drawn on top of them all. */
function ringed(map) {
  if (enhanced.has(map)) return;
  enhanced.add(map);
  const rings = ["map__ring map__ring--wide", "map__ring"].map((css) => {
    const ring = document.createElementNS("http://www.w3.org/2000/svg", "path");
    ring.setAttribute("class", css);
    return ring;
  });
  map.addEventListener("focusin", (event) => {
    const area = event.target.closest(".area:focus-visible");
    if (!area) return;
    rings.forEach((ring) => ring.setAttribute("d", area.querySelector("path").getAttribute("d")));
    map.append(...rings);
  });
  map.addEventListener("focusout", () => rings.forEach((ring) => ring.remove()));
}

function enhanceAll(root) {
  root.querySelectorAll("[data-chart]").forEach(enhance);
  root.querySelectorAll("svg.map").forEach(ringed);
}

enhanceAll(document);
document.addEventListener("htmx:after:swap", () => enhanceAll(document));
