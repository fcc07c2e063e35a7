// What the panels show: the quantities of one run together, or one quantity of all runs.

/** Every quantity: title, unit, column, what it is multiplied by, decimals. */
const QUANTITIES = [
  ["speed", "km/h", "speed_kmh", 1, 1],
  ["engine speed", "rpm", "engine_rpm", 1, 0],
  ["engine torque", "N·m", "engine_torque_nm", 1, 1],
  ["engine power", "kW", "engine_w", 1e-3, 2],
  ["MG1 speed", "rpm", "mg1_rpm", 1, 0],
  ["MG1 torque", "N·m", "mg1_torque_nm", 1, 1],
  ["MG1 electric power", "kW", "mg1_electric_w", 1e-3, 2],
  ["MG2 speed", "rpm", "mg2_rpm", 1, 0],
  ["MG2 torque", "N·m", "mg2_torque_nm", 1, 1],
  ["MG2 electric power", "kW", "mg2_electric_w", 1e-3, 2],
  ["battery power", "kW", "battery_w", 1e-3, 2],
  ["battery voltage", "V", "battery_v", 1, 1],
  ["power at the wheels", "kW", "wheel_w", 1e-3, 2],
  ["friction brakes", "kW", "brake_w", 1e-3, 2],
  ["state of charge", "%", "soc", 100, 2],
  ["fuel", "g", "fuel_g", 1, 1],
  ["fuel rate", "g/s", "fuel_g_s", 1, 3],
  ["auxiliaries", "W", "aux_w", 1, 0],
  ["coolant", "°C", "coolant_c", 1, 1],
  ["battery temperature", "°C", "battery_c", 1, 1],
  ["grade", "%", "grade", 100, 2],
].map(([title, unit, column, factor, decimals]) => ({ title, unit, column, factor, decimals }));

const quantity = (column) => QUANTITIES.find((it) => it.column === column);
const times = (values, factor) => (factor === 1 ? values : values.map((value) => value * factor));

/** Panels of one run: several quantities each. */
const TOGETHER = [
  { title: "Speed", unit: "km/h", decimals: 1, lines: [["target", "target_speed_kmh", "grey", [4, 3]], ["speed", "speed_kmh", "wheels"]] },
  { title: "Shaft speeds", unit: "rpm", decimals: 0, lines: [["engine", "engine_rpm", "engine"], ["MG1", "mg1_rpm", "mg1", [7, 3]], ["MG2", "mg2_rpm", "mg2", [2, 2]]] },
  { title: "Torques", unit: "N·m", decimals: 1, lines: [["engine", "engine_torque_nm", "engine"], ["MG1", "mg1_torque_nm", "mg1", [7, 3]], ["MG2", "mg2_torque_nm", "mg2", [2, 2]]] },
  { title: "Power", unit: "kW", factor: 1e-3, decimals: 2, lines: [["engine", "engine_w", "engine"], ["MG1 electric", "mg1_electric_w", "mg1", [7, 3]], ["MG2 electric", "mg2_electric_w", "mg2", [2, 2]], ["battery", "battery_w", "battery", [9, 3, 2, 3]]] },
  { title: "State of charge", unit: "%", factor: 100, decimals: 2, lines: [["SOC", "soc", "battery"]] },
  { title: "Fuel", unit: "g", decimals: 1, lines: [["burnt so far", "fuel_g", "fuel"]] },
];

/** Quantities of which several runs are compared. */
const COMPARED = ["speed_kmh", "engine_rpm", "engine_w", "battery_w", "soc", "fuel_g"];

/** The strip of a run's engine: what it does, and why it started. */
function engineStrip(run, several) {
  const draw = (chart) => {
    const { ctx, bbox } = chart;
    const at = (time_s) => Math.max(bbox.left, Math.min(bbox.left + bbox.width, chart.valToPos(time_s, "x", true)));
    const half = bbox.height / 2;
    ctx.save();
    run.states.forEach(([row, name], i) => {
      const from = at(run.time_s[Math.max(0, row - 1)]);
      const to = i + 1 < run.states.length ? at(run.time_s[run.states[i + 1][0] - 1]) : at(run.end_s);
      ctx.fillStyle = colour(STATES[name].colour);
      if (to > from) ctx.fillRect(from, bbox.top + half, to - from, half);
    });
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.textAlign = "center";
    for (const start of run.starts) {
      const x = chart.valToPos(start.time_s, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.fillStyle = colour(CAUSES[start.cause].colour);
      ctx.fillText(CAUSES[start.cause].mark, x, bbox.top + half - 2 * devicePixelRatio);
    }
    ctx.restore();
  };
  const says = (time_s) => {
    const end_s = run.time_s.at(-1);
    if (time_s > end_s + 1e-6) return `ended at ${words(end_s, 1)} s`;
    const last = run.starts.findLast((start) => start.time_s <= time_s + 1e-6);
    const why = last ? `; last start at ${words(last.time_s, 1)} s by ${CAUSES[last.cause].title}` : "";
    return STATES[stateAt(run, time_s)].title + why;
  };
  const hidden = { name: "", values: run.columns.speed_kmh, colour: "grey", hidden: true };
  return { title: several ? `Engine of ${run.letter}` : "Engine", time_s: run.time_s, lines: [hidden], height: 40, strip: true, draw, says };
}

/** The causes of starts that a run has, with their marks. */
function causeLegend(runs) {
  const legend = document.createElement("p");
  legend.className = "causes";
  const used = Object.keys(CAUSES).filter((cause) => runs.some((run) => run.starts.some((start) => start.cause === cause)));
  legend.append("Starts of the engine: ");
  for (const cause of used) {
    const item = document.createElement("span");
    const sign = document.createElement("b");
    sign.className = `c-${CAUSES[cause].colour}`;
    sign.setAttribute("aria-hidden", "true");
    sign.textContent = CAUSES[cause].mark;
    item.append(sign, ` ${CAUSES[cause].title} `);
    legend.append(item);
  }
  if (used.length === 0) legend.append("none");
  return legend;
}

/** Values of a run's column at the times of another. */
function resampled(run, column, time_s) {
  if (run.time_s === time_s) return run.columns[column];
  const values = new Array(time_s.length);
  for (let i = 0; i < time_s.length; i++) {
    const inside = time_s[i] >= run.start_s && time_s[i] <= run.end_s + 1e-6;
    values[i] = inside ? valueAt(run, column, time_s[i]) : null;
  }
  return values;
}

/** A panel of one quantity, a line a run. */
function comparedPanel(runs, of) {
  const longest = runs.reduce((a, b) => (b.time_s.length > a.time_s.length ? b : a));
  const lines = runs.map((run, i) => ({
    name: runs.length > 1 ? run.letter : of.title,
    values: times(resampled(run, of.column, longest.time_s), of.factor).map((value, at) => (value === 0 && longest.time_s[at] > run.end_s + 1e-6 ? null : value)),
    colour: RUN_COLOURS[i % RUN_COLOURS.length],
    dash: RUN_DASHES[i % RUN_DASHES.length],
    decimals: of.decimals,
  }));
  const title = of.title[0].toUpperCase() + of.title.slice(1);
  return { title, unit: of.unit, time_s: longest.time_s, lines };
}

/** A panel of several quantities of one run. */
function togetherPanel(run, of) {
  const misses = run.columns.target_speed_kmh !== run.columns.speed_kmh;
  const shown = of.lines.filter(([, column]) => misses || column !== "target_speed_kmh");
  const lines = shown.map(([name, column, colour_, dash]) => ({
    name, colour: colour_, dash, decimals: of.decimals, values: times(run.columns[column], of.factor ?? 1),
  }));
  return { title: of.title, unit: of.unit, time_s: run.time_s, lines };
}

/** A last panel whose quantity the reader picks. */
function chosenPanel(group, runs) {
  let panel = null;
  const choice = document.createElement("select");
  choice.setAttribute("aria-label", "Quantity of the last panel");
  for (const it of QUANTITIES) choice.add(new Option(`${it.title}, ${it.unit}`, it.column));
  choice.value = "coolant_c";
  const show = () => {
    panel?.remove();
    panel = addPanel(group, { ...comparedPanel(runs, quantity(choice.value)), last: true, height: PANEL_HEIGHT + 30 });
    panel.root.querySelector("h4").replaceWith(choice);
    group.show(group.time_s, true);
  };
  choice.addEventListener("change", () => {
    show();
    choice.focus();
  });
  show();
}

/** All panels of the runs. */
function tracePanels(place, runs, onPoint) {
  const start_s = Math.min(...runs.map((run) => run.start_s));
  const end_s = Math.max(...runs.map((run) => run.end_s));
  place.append(causeLegend(runs));
  const group = panelGroup(place, [start_s, end_s], onPoint);
  for (const run of runs) addPanel(group, engineStrip(run, runs.length > 1));
  const specs = runs.length > 1
    ? COMPARED.map((column) => comparedPanel(runs, quantity(column)))
    : TOGETHER.map((of) => togetherPanel(runs[0], of));
  for (const spec of specs) addPanel(group, spec);
  chosenPanel(group, runs);
  return group;
}

/** Panels of a comparison with the optimum. */
function optimumPanels(place, optimum) {
  const time_s = optimum.time_s;
  let group = null;
  group = panelGroup(place, [time_s[0], time_s.at(-1)], (at_s) => group.show(at_s, true));
  const lines = (of, factor, decimals) => optimum.courses.map((course, i) => ({
    name: course.control, values: course[of].map((value) => (value === null ? null : value * factor)), decimals,
    colour: RUN_COLOURS[i % RUN_COLOURS.length], dash: RUN_DASHES[i % RUN_DASHES.length],
  }));
  const courses = lines("soc", 100, 2);
  const [low, high] = optimum.band;
  const edge = (values) => ({ name: "", values: values.map((value) => (value === null ? null : 100 * value)), colour: "battery", hidden: true });
  const band = { series: [courses.length + 2, courses.length + 1], colour: "battery" };
  addPanel(group, { title: "Speed", unit: "km/h", time_s, lines: [{ name: "speed", values: optimum.speed_kmh, colour: "wheels", decimals: 1 }] });
  addPanel(group, { title: "State of charge, shaded: within 1 % of the least cost", unit: "%", time_s, lines: [...courses, edge(low), edge(high)], bands: [band], height: 220 });
  addPanel(group, { title: "Fuel", unit: "g", time_s, lines: lines("fuel_g", 1, 1) });
  addPanel(group, { title: "Regret so far", unit: "% of the optimum's fuel", time_s, lines: lines("regret_percent", 1, 2), last: true, height: 190 });
  group.show(time_s[0], true);
  return group;
}
