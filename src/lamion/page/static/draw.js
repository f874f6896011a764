// Draws the figure specification that the report draws: panels in a grid, traces on axes with units.
import { h } from "./dom.js";
import { known } from "./state.js";

const DASHES = { solid: "solid", dashed: "dash", dotted: "dot", dashdot: "dashdot" };
const MARKERS = {
  circle: ["circle", 7], square: ["square", 7], diamond: ["diamond", 7], up: ["triangle-up", 8],
  down: ["triangle-down", 8], star: ["star", 13], bar: ["line-ns", 13], dot: ["circle", 3.5],
};
const CONFIG = {
  displaylogo: false, responsive: true, showSendToCloud: false, plotlyServerURL: "",
  modeBarButtonsToRemove: ["sendDataToCloud", "editInChartStudio", "select2d", "autoScale2d"],
};
const MANY = 60;
const ROW = 250;
const MOST_NAMED = 14;

export const isDark = () => document.documentElement.dataset.theme === "dark";
export const theme = () => known.begin.style[isDark() ? "dark" : "light"];

const plain = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;");

function colorOf(trace, fallback = "ink") {
  if (trace.paint) return trace.paint;
  const color = trace.color ?? fallback;
  return typeof color === "string" ? theme()[color] : known.begin.style.palette[color % known.begin.style.palette.length];
}

function faded(hex, opacity) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return `rgba(${r},${g},${b},${opacity})`;
}

function hover(trace) {
  const also = Object.entries(trace.also ?? {});
  const numbers = trace.also?.["Point / 1"];
  const rows = trace.x.map((_, k) => [numbers ? numbers[k] : null, ...also.map(([, column]) => column[k])]);
  const lines = also.map(([title], k) => `${plain(title.replace(/ \/ 1$/, ""))}: %{customdata[${k + 1}]}`);
  return { customdata: rows, hovertemplate: ["%{x:.5g}, %{y:.5g}", ...lines].join("<br>") + "<extra>%{fullData.name}</extra>" };
}

const pick = (list, kept) => (list?.length ? list.filter((_, k) => kept[k]) : list);

function points(trace, left) {
  const color = colorOf(trace, 0);
  const numbers = trace.also?.["Point / 1"];
  const used = trace.x.map((_, k) => (trace.used?.[k] ?? true) && !(numbers && left.has(numbers[k])));
  const [symbol, size] = MARKERS[trace.marker ?? "circle"];
  const open = trace.open && symbol !== "line-ns";
  const shown = (kept, style) => {
    const own = { ...trace, x: pick(trace.x, kept), y: pick(trace.y, kept) };
    own.also = Object.fromEntries(Object.entries(trace.also ?? {}).map(([k, column]) => [k, pick(column, kept)]));
    return { type: "scatter", x: own.x, y: own.y, ...hover(own), ...style };
  };
  const marker = {
    symbol: open ? `${symbol}-open` : symbol, color,
    size: size * (trace.x.length > MANY && symbol !== "line-ns" ? 0.8 : 1), line: { width: symbol === "line-ns" ? 2.5 : 1.5, color },
  };
  const error = {};
  if (trace.y_error?.length) error.error_y = bars(pick(trace.y_error, used), color);
  if (trace.x_error?.length) error.error_x = bars(pick(trace.x_error, used), color);
  if (trace.low?.length) {
    const up = trace.y.map((y, k) => trace.high[k] - y);
    const down = trace.y.map((y, k) => y - trace.low[k]);
    error.error_y = { ...bars(pick(up, used), color), arrayminus: pick(down, used), symmetric: false };
  }
  const mode = trace.joined ? "lines+markers" : "markers";
  const line = { color, dash: DASHES[trace.dash ?? "solid"], width: 1.3 };
  const found = [shown(used, { mode, marker, line, name: trace.label ?? "", ...error })];
  if (used.some((yes) => !yes)) {
    const faint = { symbol: "x-thin", size: 8, color: theme().ink, line: { width: 1.4, color: theme().ink } };
    found.push(shown(used.map((yes) => !yes), { mode: "markers", marker: faint, name: "left out" }));
  }
  return found;
}

const bars = (array, color) => ({ type: "data", array, color, thickness: 1.2, width: 4, visible: true });

function line(trace) {
  const color = faded(colorOf(trace, 0), trace.opacity ?? 1);
  const style = { color, width: 2, dash: DASHES[trace.dash ?? "solid"] };
  return [{ type: "scatter", mode: "lines", x: trace.x, y: trace.y, line: style, name: trace.label ?? "", connectgaps: false, hoverinfo: trace.label ? "x+y+name" : "x+y" }];
}

function band(trace) {
  const edge = { type: "scatter", mode: "lines", x: trace.x, line: { width: 0 }, hoverinfo: "skip" };
  const fill = faded(colorOf(trace, 0), 0.25);
  return [{ ...edge, y: trace.low, showlegend: false, name: "" }, { ...edge, y: trace.high, fill: "tonexty", fillcolor: fill, name: trace.label ?? "" }];
}

function columns(trace) {
  const color = colorOf(trace, 0);
  const sizes = trace.high.map((end, k) => end - trace.low[k]);
  const marker = {
    color: trace.hollow ? "rgba(0,0,0,0)" : faded(color, trace.opacity ?? 1),
    line: { width: 1, color: trace.hollow ? color : theme().paper }, pattern: { shape: trace.hatch ? "/" : "" },
  };
  const lying = trace.across;
  const own = { type: "bar", base: trace.low, width: trace.width ?? 0.8, marker, name: trace.label ?? "", text: trace.texts ?? [], textposition: "outside", cliponaxis: false };
  const error = trace.error?.length ? { [lying ? "error_x" : "error_y"]: bars(trace.error, theme().ink) } : {};
  return [lying ? { ...own, orientation: "h", y: trace.at, x: sizes, ...error } : { ...own, x: trace.at, y: sizes, ...error }];
}

const labels = (trace) => [{
  type: "scatter", mode: "text", x: trace.x, y: trace.y, text: trace.texts.map(plain), textposition: "top center",
  textfont: { size: 10, color: theme().ink }, showlegend: false, hoverinfo: "skip", name: "",
}];

const TRACES = { points, line, band, bars: columns, labels };

const along = (axis, value) => (axis.scale === "log" ? Math.log10(value) : value);

function shapes(panel, trace, x, y) {
  const across = (trace.axis ?? "x") === "x";
  const color = colorOf(trace, trace.mark === "span" ? 0 : "ink");
  const [a, b] = trace.mark === "span" ? [trace.low, trace.high] : [trace.at, trace.at];
  const place = across
    ? { xref: x, x0: a, x1: b, yref: `${y} domain`, y0: 0, y1: 1 }
    : { yref: y, y0: a, y1: b, xref: `${x} domain`, x0: 0, x1: 1 };
  const style = trace.mark === "span"
    ? { type: "rect", fillcolor: faded(color, 0.3), line: { width: 0 }, layer: "below" }
    : { type: "line", line: { color, width: 1.2, dash: DASHES[trace.dash ?? "dotted"] }, layer: "below" };
  return { ...place, ...style, ...(trace.label ? { name: plain(trace.label), showlegend: true } : {}) };
}

function notes(panel, trace, x, y) {
  const own = { text: plain(trace.text), showarrow: false, font: { size: 11, color: theme().ink }, bgcolor: faded(theme().paper, 0.8) };
  if (trace.mark === "note") {
    const side = trace.align ?? "center";
    return { ...own, xref: x, yref: y, x: along(panel.x, trace.x), y: along(panel.y, trace.y), xanchor: side, yanchor: "bottom" };
  }
  return { ...own, xref: x, yref: `${y} domain`, x: along(panel.x, trace.at), y: 0.98, xanchor: "left", yanchor: "top" };
}

function spread(panel, side) {
  let low = Infinity, high = -Infinity;
  for (const trace of panel.traces)
    for (const value of trace[side] ?? []) if (value > 0) { low = Math.min(low, value); high = Math.max(high, value); }
  return Math.log10(high / low);
}

function axis(panel, side, place) {
  const spec = panel[side];
  const { ink, faint } = theme();
  const found = {
    ...place, type: spec.scale === "log" ? "log" : "linear", color: ink, gridcolor: faint, linecolor: ink,
    zeroline: false, showline: true, ticks: "outside", tickcolor: ink, exponentformat: "power", title: { text: plain(spec.text), standoff: 6 },
    showgrid: ["both", side].includes(panel.grid ?? "both") , visible: !spec.hidden, hoverformat: ".5g",
  };
  if (spec.scale === "log" && spread(panel, side) > 1.5) found.dtick = Math.max(1, Math.ceil(spread(panel, side) / 7));
  if (spec.ticks?.length) Object.assign(found, { tickmode: "array", tickvals: spec.ticks.map((t) => t[0]), ticktext: spec.ticks.map((t) => plain(t[1])) });
  if (spec.low !== undefined || spec.high !== undefined) {
    const ends = [spec.low, spec.high].map((end) => (end === undefined ? null : along(spec, end)));
    found.range = spec.backwards && !(spec.low > spec.high) ? ends.reverse() : ends;
  } else if (spec.backwards) found.autorange = "reversed";
  return found;
}

// A panel that was drawn to be beside another stands alone: all of it is shown, without a title.
const alone = (panel) => ({ ...panel, title: "", x: { ...panel.x, low: undefined, high: undefined }, y: { ...panel.y, low: undefined, high: undefined } });

// From a specification to what plotly takes.
export function prepared(data, { width = 600, left = new Set(), equal = true, only = null, height = null, unnamed = "", fixed = false } = {}) {
  const panels = only === null ? data.panels : data.panels.filter((_, k) => only.includes(k)).map(alone);
  const across = width < 560 ? 1 : Math.min(data.columns ?? 1, panels.length);
  const rows = Math.ceil(panels.length / across);
  const narrow = across !== (data.columns ?? 1);
  const shares = (list, count) => { const own = !narrow && list?.length === count ? list : Array(count).fill(1); const sum = own.reduce((a, b) => a + b); return own.map((one) => one / sum); };
  const widths = shares(data.widths, across), heights = shares(data.heights, rows);
  const gapX = across > 1 ? 0.11 : 0;
  const gapY = rows > 1 ? Math.min(0.14, (data.share_x ? 28 : 78) / (ROW * rows)) : 0;
  const traces = [], layout = { shapes: [], annotations: [] };
  const named = new Set();
  panels.forEach((panel, k) => {
    const id = k ? k + 1 : "", x = `x${id}`, y = `y${id}`;
    const column = k % across, row = Math.floor(k / across);
    const begin = (list, at, gap) => list.slice(0, at).reduce((a, b) => a + b, 0) * (1 - gap * (list.length - 1)) + at * gap;
    const x0 = begin(widths, column, gapX), x1 = x0 + widths[column] * (1 - gapX * (across - 1));
    const top = 1 - begin(heights, row, gapY), bottom = top - heights[row] * (1 - gapY * (rows - 1));
    // Margins that suit what is drawn cost plotly a second drawing.
    const xAxis = axis(panel, "x", { anchor: y, domain: [x0, x1], automargin: !fixed });
    const yAxis = axis(panel, "y", { anchor: x, domain: [Math.max(0, bottom), top], automargin: !fixed });
    if (data.share_x) {
      if (k) xAxis.matches = "x";
      if (row < rows - 1) Object.assign(xAxis, { title: { text: "" }, showticklabels: false });
    }
    if (data.share_y && k) {
      yAxis.matches = "y";
      if (column) yAxis.title = { text: "" };
    }
    if (panel.equal && equal) Object.assign(yAxis, { scaleanchor: x, scaleratio: 1, constrain: "range", constraintoward: "bottom" });
    if (panel.equal && equal) xAxis.constrain = "range";
    layout[`xaxis${id}`] = xAxis;
    layout[`yaxis${id}`] = yAxis;
    for (const trace of panel.traces) {
      if (trace.mark === "rule" || trace.mark === "span") layout.shapes.push(shapes(panel, trace, x, y));
      if (trace.mark === "note" || (trace.mark === "rule" && trace.text)) layout.annotations.push(notes(panel, trace, x, y));
      const own = trace.label && trace.label === unnamed ? { ...trace, label: "" } : trace;
      for (const one of TRACES[trace.mark]?.(own, left) ?? []) {
        const key = `${one.name}|${one.line?.color ?? one.marker?.color ?? one.fillcolor}`;
        one.showlegend = Boolean(one.name) && !named.has(key) && one.showlegend !== false;
        named.add(key);
        traces.push({ ...one, name: plain(one.name), xaxis: x, yaxis: y });
      }
    }
    if (panel.title) layout.annotations.push({ text: plain(panel.title), showarrow: false, xref: "paper", yref: "paper", x: (x0 + x1) / 2, y: top, xanchor: "center", yanchor: "bottom", font: { size: 12, color: theme().ink } });
    if (panel.x.opposite) opposite(panel, id, xAxis, y, layout, traces, panels.length + k + 1);
  });
  if (data.colors) traces.push(scale(data));
  if (named.size > MOST_NAMED) for (const one of traces) one.showlegend = false;
  const legend = traces.some((one) => one.showlegend) || layout.shapes.some((one) => one.showlegend);
  const titled = panels.some((panel) => panel.title) ? 22 : 0;
  Object.assign(layout, {
    height: height ?? rows * ROW + 70 + (legend ? 30 : 0), margin: { l: 62, r: data.colors ? 10 : 16, t: 12 + titled + (panels.some((p) => p.x.opposite) ? 40 : 0) + (legend ? 30 : 0), b: 48 },
    paper_bgcolor: theme().paper, plot_bgcolor: theme().paper, font: { color: theme().ink, size: 12, family: "system-ui, sans-serif" },
    showlegend: legend, legend: { orientation: "h", x: 0, y: 1, yref: "container", yanchor: "top", bgcolor: "rgba(0,0,0,0)", font: { size: 11 } },
    hovermode: "closest", dragmode: "zoom", barmode: "overlay", hoverlabel: { font: { size: 12 } },
  });
  return { traces, layout };
}

function opposite(panel, id, below, y, layout, traces, number) {
  const spec = panel.x.opposite;
  layout[`xaxis${number}`] = {
    ...below, overlaying: `x${id}`, side: "top", matches: `x${id}`, showgrid: false, title: { text: plain(spec.text), standoff: 4 },
    tickmode: "array", tickvals: spec.ticks.map((t) => t[0]), ticktext: spec.ticks.map((t) => plain(t[1])),
  };
  traces.push({ type: "scatter", x: [null], y: [null], xaxis: `x${number}`, yaxis: y, showlegend: false, hoverinfo: "skip", name: "" });
}

function scale(data) {
  const values = data.panels.flatMap((panel) => panel.traces).filter((one) => "value" in one);
  const own = values.map((one) => [one.value, one.paint]).sort((a, b) => a[0] - b[0]);
  const log = data.colors.scale === "log";
  const at = (value) => (log ? Math.log10(value) : value);
  const [low, high] = [at(own[0][0]), at(own.at(-1)[0])];
  const colorscale = high > low ? own.map(([value, paint]) => [(at(value) - low) / (high - low), paint]) : [[0, own[0][1]], [1, own[0][1]]];
  colorscale[0][0] = 0;
  colorscale.at(-1)[0] = 1;
  const ticks = own.length <= 8 ? { tickvals: own.map(([value]) => at(value)), ticktext: own.map(([value]) => value.toPrecision(3)) } : {};
  const colorbar = { title: { text: plain(data.colors.text ?? data.colors.label), side: "right" }, thickness: 12, outlinewidth: 0, ...ticks };
  return { type: "scatter", x: [null], y: [null], mode: "markers", showlegend: false, hoverinfo: "skip", name: "", marker: { color: [low], cmin: low, cmax: high, colorscale, colorbar, showscale: true } };
}

export async function draw(div, figure, options = {}) {
  const { traces, layout } = prepared(figure.data, { width: div.clientWidth || 600, ...options });
  layout.uirevision = options.revision ?? figure.name;
  if (options.dragmode) layout.dragmode = options.dragmode;
  await window.Plotly.react(div, traces, layout, CONFIG);
  return div;
}

// One figure of an answer: a plot from its specification, or the report's picture of what is none.
export function figureElement(figure) {
  if (figure.svg) {
    return h("figure", {}, h("img", { src: figure.svg, alt: figure.title }), h("figcaption", {}, figure.title));
  }
  const div = h("div", { class: "plot", role: "img", "aria-label": figure.title });
  div.figure = figure;
  return h("figure", {}, div, h("figcaption", {}, figure.title));
}

// Draw what stands in the document by now, or stands there in other colours.
export function drawWithin(place) {
  return Promise.all([...place.querySelectorAll(".plot")].filter((div) => div.figure).map((div) => draw(div, div.figure)));
}
