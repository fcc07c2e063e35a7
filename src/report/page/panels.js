// Traces: panels of uPlot that share window and cursor.

/** The page's colour of a name, as it is now. */
const colours = new Map();
function colour(name) {
  if (!colours.has(name)) colours.set(name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
  return colours.get(name);
}

const PANEL_HEIGHT = 128;
const AXIS_FONT = "12px system-ui, sans-serif";
/** Space for the figures of the vertical axis, px. */
const AXIS_WIDTH = 58;
/** The narrowest window, s. */
const NARROWEST_S = 1;
/** A drag shorter than this is a click, px. */
const DRAG_PX = 4;

/** Panels over one axis of time. `onPoint` is told where somebody points, and how. */
function panelGroup(place, [start_s, end_s], onPoint) {
  const group = { place, panels: [], window: [start_s, end_s], time_s: start_s };

  group.zoom = (from, to) => {
    const width = Math.min(Math.max(to - from, NARROWEST_S), end_s - start_s);
    const low = Math.min(Math.max(from, start_s), end_s - width);
    group.window = [low, low + width];
    for (const panel of group.panels) panel.chart.setScale("x", { min: low, max: low + width });
    group.show(group.time_s, true);
  };
  group.zoomBy = (factor) => {
    const [low, high] = group.window;
    const half = ((high - low) * factor) / 2;
    group.zoom(group.time_s - half, group.time_s + half);
  };
  group.reset = () => group.zoom(start_s, end_s);
  /** Shows a time; a window that it has left turns over like a page. */
  group.show = (at_s, withWords) => {
    const time_s = Math.min(Math.max(at_s, start_s), end_s);
    group.time_s = time_s;
    const [low, high] = group.window;
    if (time_s < low || time_s > high) {
      const width = high - low;
      const from = time_s > high ? time_s : time_s - width;
      group.zoom(from, from + width);
      return;
    }
    const share = (time_s - low) / (high - low);
    for (const panel of group.panels) panel.show(share, time_s, withWords);
  };
  group.redraw = () => {
    for (const panel of group.panels) panel.chart.redraw(false);
  };
  group.point = (time_s, how) => onPoint(Math.min(Math.max(time_s, start_s), end_s), how);
  group.key = (event) => {
    const step = event.shiftKey ? 10 : 1;
    const keys = {
      ArrowLeft: () => group.point(group.time_s - step, "key"),
      ArrowRight: () => group.point(group.time_s + step, "key"),
      "+": () => group.zoomBy(0.5),
      "-": () => group.zoomBy(2),
      0: () => group.reset(),
    };
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  return group;
}

/** The button of a line: hides and shows it, and tells its value. */
function keyOf(line, toggle) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "key";
  button.setAttribute("aria-pressed", "true");
  button.title = "show or hide";
  const dash = (line.dash ?? []).join(" ");
  const sample = shape("svg", { viewBox: "0 0 22 8", width: 22, height: 8, "aria-hidden": "true" },
    shape("line", { x1: 0, x2: 22, y1: 4, y2: 4, class: `s-${line.colour}`, "stroke-width": 2.5, "stroke-dasharray": dash || "none" }));
  const value = document.createElement("span");
  value.className = "value";
  button.append(sample, ` ${line.name} `, value);
  button.addEventListener("click", () => {
    const shown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(shown));
    toggle(shown);
  });
  return { button, write: writer(value) };
}

/** What uPlot is told of a panel. */
function chartOptions(group, spec, width) {
  const axis = { stroke: () => colour("grey"), font: AXIS_FONT, grid: { stroke: () => colour("grid"), width: 1 }, ticks: { show: false } };
  return {
    width,
    height: spec.height ?? PANEL_HEIGHT,
    legend: { show: false },
    padding: [6, 24, spec.last ? 0 : 4, 0],
    cursor: {
      x: false,
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: DRAG_PX },
      bind: { dblclick: () => () => group.reset() },
    },
    scales: { x: { time: false, min: group.window[0], max: group.window[1] }, y: spec.range ? { range: () => spec.range } : {} },
    axes: [
      { ...axis, show: Boolean(spec.last), size: 30, values: (_, at) => at.map((s) => words(s, s % 1 ? 1 : 0)) },
      { ...axis, show: !spec.strip, size: AXIS_WIDTH, space: 26, values: (_, at) => at.map((value) => words(value, Math.abs(value) < 1 && value % 0.1 ? 2 : value % 1 ? 1 : 0)) },
    ],
    series: [
      {},
      ...spec.lines.map((line) => ({
        stroke: () => (line.hidden ? "transparent" : colour(line.colour)),
        width: line.width ?? 1.5,
        dash: line.dash,
        points: { show: false },
      })),
    ],
    bands: (spec.bands ?? []).map((band) => ({ series: band.series, fill: () => `${colour(band.colour)}33` })),
    hooks: {
      draw: spec.draw ? [spec.draw] : [],
      setSelect: [
        (chart) => {
          const { left, width: wide } = chart.select;
          if (wide > DRAG_PX) group.zoom(chart.posToVal(left, "x"), chart.posToVal(left + wide, "x"));
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

/** Pointing: hovering and dragging over a chart tell the group where. */
function watchPointer(group, chart) {
  const timeOf = (event) => chart.posToVal(event.clientX - chart.over.getBoundingClientRect().left, "x");
  let pressed_px = null;
  chart.over.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || !event.buttons) group.point(timeOf(event), "hover");
  });
  chart.over.addEventListener("pointerdown", (event) => {
    pressed_px = event.clientX;
  });
  chart.over.addEventListener("click", (event) => {
    if (pressed_px !== null && Math.abs(event.clientX - pressed_px) < DRAG_PX) group.point(timeOf(event), "click");
  });
}

/**
 * Adds a panel. `spec`: title, unit, time_s, lines of {name, values, colour, dash, decimals},
 * and what a panel may have beside: bands, range, height, draw, says.
 */
function addPanel(group, spec) {
  const root = document.createElement("div");
  root.className = spec.strip ? "panel strip" : "panel";
  const head = document.createElement("div");
  head.className = "keys";
  const title = document.createElement("h4");
  title.textContent = spec.unit ? `${spec.title}, ${spec.unit}` : spec.title;
  head.append(title);
  const plot = document.createElement("div");
  plot.className = "plot";
  plot.tabIndex = 0;
  plot.setAttribute("role", "group");
  plot.setAttribute("aria-label", `${spec.title} over time; arrow keys move the cursor, plus and minus zoom, 0 shows all`);
  plot.addEventListener("keydown", group.key);
  root.append(head, plot);
  group.place.append(root);

  const width = () => Math.max(240, Math.floor(plot.clientWidth));
  const chart = new uPlot(chartOptions(group, spec, width()), [spec.time_s, ...spec.lines.map((line) => line.values)], plot);
  const now = document.createElement("div");
  now.className = "now";
  chart.over.append(now);
  watchPointer(group, chart);
  new ResizeObserver(() => {
    if (width() === chart.width) return;
    chart.setSize({ width: width(), height: spec.height ?? PANEL_HEIGHT });
    group.show(group.time_s, false);
  }).observe(plot);

  const keys = spec.lines.filter((line) => !line.hidden).map((line) => {
    const at = 1 + spec.lines.indexOf(line);
    const { button, write } = keyOf(line, (show) => chart.setSeries(at, { show }));
    head.append(button);
    return { line, write };
  });
  let say = () => {};
  if (spec.says) {
    const said = document.createElement("span");
    said.className = "said";
    head.append(said);
    say = writer(said);
  }
  const panel = { chart, root };
  panel.show = (share, time_s, withWords) => {
    now.style.transform = `translateX(${px((share * chart.bbox.width) / devicePixelRatio)}px)`;
    if (!withWords) return;
    const row = rowAt(spec.time_s, time_s);
    for (const { line, write } of keys) write(words(line.values[row], line.decimals));
    if (spec.says) say(spec.says(time_s));
  };
  panel.remove = () => {
    group.panels.splice(group.panels.indexOf(panel), 1);
    chart.destroy();
    root.remove();
  };
  group.panels.push(panel);
  return panel;
}
