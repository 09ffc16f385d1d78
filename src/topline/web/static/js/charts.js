// Draws every <figure data-chart> with uPlot from its JSON, in the colors of the theme; switches to the table; follows width and theme.
// The table in the figure holds the same numbers and is what screen readers get.

const LANG = document.documentElement.lang || "en";
const compact = new Intl.NumberFormat(LANG, { notation: "compact", maximumFractionDigits: 1 });
const plain = new Intl.NumberFormat(LANG, { maximumFractionDigits: 2 });
const dayShort = new Intl.DateTimeFormat(LANG, { day: "numeric", month: "short", timeZone: "UTC" });
const dayLong = new Intl.DateTimeFormat(LANG, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
const FONT = "12px Inter, system-ui, sans-serif";
const SVG = "http://www.w3.org/2000/svg";
const drawn = new Map();

const colorOf = (styles, tone) => styles.getPropertyValue(tone === "muted" || !tone ? "--muted" : `--${tone}`).trim();
const toneOf = (serie, at) => serie.tone ?? (at === 0 ? "accent" : "muted");
const isDate = (label) => /^\d{4}-\d{2}-\d{2}$/.test(label);

const legend = (figure, data) => {
  const list = figure.querySelector("[data-chart-legend]");
  const styles = getComputedStyle(figure);
  list.replaceChildren(...data.series.map((serie, at) => {
    const item = document.createElement("li");
    item.className = "chart__key";
    const swatch = document.createElementNS(SVG, "svg");
    swatch.setAttribute("class", `chart__swatch${serie.dashed ? " chart__swatch--dashed" : ""}`);
    const line = document.createElementNS(SVG, "line");
    for (const [name, value] of Object.entries({ x1: 2, x2: 20, y1: 2, y2: 2, stroke: colorOf(styles, toneOf(serie, at)) })) line.setAttribute(name, value);
    swatch.append(line);
    item.append(swatch, serie.name);
    return item;
  }));
};

const tip = (data, dated) => {
  let box;
  return {
    hooks: {
      init: (plot) => {
        box = document.createElement("div");
        box.className = "chart__tip";
        box.hidden = true;
        plot.over.append(box);
      },
      setCursor: (plot) => {
        const at = plot.cursor.idx;
        box.hidden = at === null || at === undefined;
        if (box.hidden) return;
        const lines = [dated ? dayLong.format(Date.parse(data.labels[at])) : data.labels[at]];
        for (const serie of data.series) {
          const value = serie.values[at];
          if (value !== null) lines.push(`${serie.name}: ${serie.texts?.[at] ?? plain.format(value)}`);
        }
        box.replaceChildren(...lines.map((text, n) => {
          const line = document.createElement(n ? "span" : "strong");
          line.textContent = text;
          return line;
        }));
        const left = plot.cursor.left;
        const flip = left + box.offsetWidth + 24 > plot.over.clientWidth;
        box.style.left = `${Math.max(0, flip ? left - box.offsetWidth - 12 : left + 12)}px`;
        box.style.top = "4px";
      },
    },
  };
};

const series = (data, styles, kind) => data.series.map((serie, at) => {
  const color = colorOf(styles, toneOf(serie, at));
  const last = serie.values.findLastIndex((value) => value !== null);
  const bars = kind === "bar" && !serie.dashed;
  return {
    label: serie.name,
    stroke: color,
    width: serie.dashed ? 1.5 : 2.5,
    dash: serie.dashed ? [6, 6] : undefined,
    fill: bars ? color : undefined,
    paths: bars ? uPlot.paths.bars({ size: [0.62, 42], radius: 0.15 }) : undefined,
    points: bars || serie.dashed ? { show: false } : { show: true, size: 9, fill: color, stroke: colorOf(styles, "surface"), width: 2, filter: () => [last] },
  };
});

// Days are marked from the last one backwards, as many as there is room for, each exactly under its point.
const marks = (x) => (plot) => {
  const every = Math.max(1, Math.ceil((x.length * 80) / Math.max(1, plot.bbox.width / devicePixelRatio)));
  return x.filter((_, at) => (x.length - 1 - at) % every === 0);
};

const axes = (data, styles, dated, x) => {
  const look = { stroke: colorOf(styles, "muted"), font: FONT, ticks: { show: false }, grid: { stroke: colorOf(styles, "line"), width: 1 } };
  const unit = (value) => `${data.prefix ?? ""}${compact.format(value)}${data.suffix ?? ""}`;
  const words = (_, splits) => splits.map((value) => {
    if (dated) return dayShort.format(value * 1000);
    return Number.isInteger(value) ? data.labels[value] ?? "" : "";
  });
  return [
    { ...look, grid: { show: false }, splits: marks(x), values: words, size: 32 },
    { ...look, size: 56, values: (_, splits) => splits.map(unit) },
  ];
};

const draw = (figure) => {
  const canvas = figure.querySelector("[data-chart-canvas]");
  const width = canvas.clientWidth;
  if (!width) return;
  drawn.get(figure)?.destroy();
  const data = JSON.parse(figure.querySelector("[data-chart-data]").textContent);
  if (!data.labels.length) return;
  const kind = figure.dataset.chartKind;
  const dated = data.labels.every(isDate);
  const spark = figure.classList.contains("chart--spark");
  const styles = getComputedStyle(figure);
  const x = dated ? data.labels.map((label) => Date.parse(label) / 1000) : data.labels.map((_, at) => at);
  const bar = kind === "bar";
  const pad = bar ? (dated ? 43_200 : 0.5) : 0;
  const options = {
    width,
    height: Number(figure.dataset.chartHeight) || (spark ? 96 : 240),
    padding: spark ? [8, 10, 4, 4] : [12, 24, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    scales: {
      x: { time: false, range: (_, from, to) => [from - pad, to + pad] },
      y: { range: (_, from, to) => {
        const room = (to - from || Math.abs(to) || 1) * 0.08;
        return [bar ? Math.min(0, from) : (from >= 0 && from < to * 0.35 ? 0 : from - room), to + room];
      } },
    },
    axes: spark ? [{ show: false }, { show: false }] : axes(data, styles, dated, x),
    series: [{}, ...series(data, styles, kind)],
    plugins: [tip(data, dated)],
  };
  drawn.set(figure, new uPlot(options, [x, ...data.series.map((serie) => serie.values)], canvas));
  canvas.style.minHeight = "0";
  if (data.series.length > 1) legend(figure, data);
};

const showTable = (figure, on) => {
  figure.toggleAttribute("data-chart-as-table", on);
  figure.querySelector("[data-chart-canvas]").hidden = on;
  figure.querySelector("[data-chart-legend]").hidden = on;
  figure.querySelector("[data-chart-toggle]")?.setAttribute("aria-pressed", String(on));
};

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const figure = target.closest("[data-chart]");
    const plot = drawn.get(figure);
    if (!plot) draw(figure);
    else if (target.clientWidth && target.clientWidth !== plot.width) plot.setSize({ width: target.clientWidth, height: plot.height });
  }
});

const forgetGone = () => {
  for (const [figure, plot] of drawn) {
    if (figure.isConnected) continue;
    plot.destroy();
    drawn.delete(figure);
  }
};

const begin = (root) => {
  forgetGone();
  const figures = [...root.querySelectorAll("[data-chart]"), ...(root.matches?.("[data-chart]") ? [root] : [])];
  for (const figure of figures) {
    if (drawn.has(figure)) continue;
    draw(figure);
    resized.observe(figure.querySelector("[data-chart-canvas]"));
  }
};

document.addEventListener("click", (event) => {
  const toggle = event.target.closest?.("[data-chart-toggle]");
  if (toggle) showTable(toggle.closest("[data-chart]"), toggle.getAttribute("aria-pressed") !== "true");
});

const redraw = () => {
  for (const figure of drawn.keys()) draw(figure);
};
document.addEventListener("topline:theme", redraw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
document.addEventListener("htmx:load", (event) => begin(event.detail.elt));
begin(document);
