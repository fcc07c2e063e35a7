// Traces as numbers: the columns of the page, what follows from them, and their values at a moment.

const model = JSON.parse(document.getElementById("data").textContent);

/** A column: `offset + resolution * n`, n of 16 bits in base64, lowest byte first. */
function decode(column, rows) {
  const values = new Float64Array(rows);
  if ("constant" in column) return values.fill(column.constant);
  const text = atob(column.data);
  for (let i = 0; i < rows; i++) {
    const bits = text.charCodeAt(2 * i) | (text.charCodeAt(2 * i + 1) << 8);
    values[i] = column.offset + column.resolution * ((bits << 16) >> 16);
  }
  return values;
}

/** Times of the rows, s. */
function decodeTimes(time, rows) {
  if (time.each_s) {
    const bytes = Uint8Array.from(atob(time.each_s), (c) => c.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    return Float64Array.from({ length: rows }, (_, i) => view.getFloat64(8 * i, true));
  }
  const times = Float64Array.from({ length: rows }, (_, i) => time.start_s + i * time.step_s);
  times[rows - 1] = time.end_s;
  return times;
}

/** The first row at or after a time. */
function rowAt(times, time_s) {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < time_s) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Columns that are the state at a time; the others are means over the step that ends there. */
const STATE_COLUMNS = new Set([
  "target_speed_kmh", "speed_kmh", "grade", "engine_rpm", "mg1_rpm", "mg2_rpm", "ring_rpm",
  "soc", "fuel_g", "coolant_c", "battery_c",
]);

/** The value of a column at a time between rows. */
function valueAt(run, name, time_s) {
  const row = rowAt(run.time_s, time_s);
  const values = run.columns[name];
  if (row === 0 || !STATE_COLUMNS.has(name)) return values[row];
  const before_s = run.time_s[row - 1];
  const share = (time_s - before_s) / (run.time_s[row] - before_s);
  return values[row - 1] + share * (values[row] - values[row - 1]);
}

/** All columns at a time. */
function momentAt(run, time_s) {
  const moment = { time_s, state: stateAt(run, time_s) };
  for (const name of run.names) moment[name] = valueAt(run, name, time_s);
  return moment;
}

/** What the engine does at a time. */
function stateAt(run, time_s) {
  const row = rowAt(run.time_s, time_s);
  let state = run.states[0][1];
  for (const [from, name] of run.states) {
    if (from > row) break;
    state = name;
  }
  return state;
}

/** What follows from the stored columns: shaft speeds by the gears, powers at the shafts, fuel so far. */
function derive(columns, car, time_s) {
  const { sun_teeth: sun, ring_teeth: ring } = car;
  const perRpm = Math.PI / 30;
  const each = (of) => columns.speed_kmh.map((_, i) => of(i));
  columns.target_speed_kmh ??= columns.speed_kmh;
  columns.ring_rpm = columns.speed_kmh.map((kmh) => kmh * car.ring_rpm_per_kmh);
  columns.mg2_rpm = columns.ring_rpm.map((rpm) => rpm * car.mg2_ratio);
  // Willis: sun · MG1 + ring · ring = (sun + ring) · engine.
  columns.mg1_rpm = each((i) => ((sun + ring) * columns.engine_rpm[i] - ring * columns.ring_rpm[i]) / sun);
  columns.mg1_w = each((i) => columns.mg1_torque_nm[i] * columns.mg1_rpm[i] * perRpm);
  let burnt_g = 0;
  columns.fuel_g = each((i) => (burnt_g += i > 0 ? columns.fuel_g_s[i] * (time_s[i] - time_s[i - 1]) : 0));
  columns.mg2_w = each((i) => columns.mg2_torque_nm[i] * columns.mg2_rpm[i] * perRpm);
  return columns;
}

/** A run of the page. */
function readRun(of) {
  const { rows, time, states, columns: stored } = of.trace;
  const columns = {};
  for (const name in stored) columns[name] = decode(stored[name], rows);
  const time_s = decodeTimes(time, rows);
  derive(columns, of.car, time_s);
  return {
    letter: of.letter,
    name: of.name,
    summary: of.summary,
    car: of.car,
    scales: of.scales,
    starts: of.summary.engine_start_events,
    lhv_w_per_g_s: of.summary.fuel_g > 0 ? of.summary.ledger.fuel / of.summary.fuel_g : 0,
    time_s,
    states,
    columns,
    names: Object.keys(columns),
    start_s: time_s[0],
    end_s: time_s[rows - 1],
  };
}

/** Lowest and highest value of some columns of a run. */
function span(run, names) {
  let low = Infinity;
  let high = -Infinity;
  for (const name of names) {
    for (const value of run.columns[name]) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}
