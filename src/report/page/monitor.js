// The energy monitor: power between fuel, engine, gears, machines, battery and wheels. The
// width of a flow is its power, its colour its path.

const MONITOR = { width: 480, height: 316 };
/** Width of the largest flow of a run, and of one that is hardly there. */
const WIDEST = 26;
const THINNEST = 2;
/** Flows below this share of the largest are not drawn. */
const UNSEEN = 0.002;
const ARROW = 7;

/** Flows: colour, way from the first place to the second, and power that way, W. */
const FLOWS = [
  { name: "fuel", colour: "fuel", way: [[61, 78], [92, 78]], of: (now) => now.fuel_w },
  { name: "engine", colour: "engine", way: [[164, 78], [200, 78]], of: (now) => now.engine_w },
  { name: "split to wheels", colour: "engine", way: [[252, 78], [334, 78]], of: (now) => now.engine_w + now.mg1_w },
  { name: "drive", colour: "wheels", way: [[334, 78], [394, 78]], of: (now) => now.wheel_w },
  { name: "MG1 shaft", colour: "mg1", way: [[226, 104], [226, 146]], of: (now) => -now.mg1_w },
  { name: "MG2 shaft", colour: "mg2", way: [[334, 146], [334, 84]], of: (now) => now.mg2_w },
  { name: "MG1 current", colour: "mg1", way: [[226, 198], [226, 248]], of: (now) => -now.mg1_electric_w },
  { name: "MG2 current", colour: "mg2", way: [[334, 248], [334, 198]], of: (now) => now.mg2_electric_w },
  { name: "bus", colour: "mg1", way: [[226, 248], [334, 248]], of: () => 0, bus: true },
  { name: "battery", colour: "battery", way: [[146, 248], [226, 248]], of: (now) => now.battery_w },
  { name: "auxiliaries", colour: "grey", way: [[334, 248], [394, 248]], of: (now) => now.aux_w },
  { name: "brakes", colour: "brakes", way: [[434, 104], [434, 146]], of: (now) => now.brake_w },
];

/** Power along the bus from MG1's side to MG2's: what the battery and MG1 give. */
const busPower = (now) => now.battery_w - now.mg1_electric_w;

function box(x, y, width, height, name, colour) {
  const value = label(x + width / 2, y + height - 10, "", { "text-anchor": "middle" });
  const node = shape("g", {},
    shape("rect", { x, y, width, height, rx: 8, class: `box s-${colour}`, "stroke-width": 2 }),
    label(x + width / 2, y + 18, name, { "text-anchor": "middle", class: "f-ink b" }),
    value);
  return { node, value: writer(value) };
}

/** Largest power of a run among the flows, W. */
function largestPower(run) {
  const names = ["engine_w", "wheel_w", "mg1_w", "mg2_w", "battery_w"];
  return Math.max(1, ...span(run, names).map(Math.abs));
}

/** Draws the monitor of a run into a place; the answer shows a moment. */
function monitor(place, run) {
  const { width, height } = MONITOR;
  // Fuel brings about three times what the engine gives: it has a scale of a third.
  const largest_w = largestPower(run);
  const flows = FLOWS.map((flow) => {
    const [[x1, y1], [x2, y2]] = flow.way;
    const line = shape("line", { x1, y1, x2, y2, class: `s-${flow.colour}` });
    const middle = `translate(${(x1 + x2) / 2} ${(y1 + y2) / 2})`;
    const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
    const arrow = shape("path", { class: `f-${flow.colour}` });
    return {
      ...flow, middle, angle, line, arrow,
      width: setter(line, "stroke-width"), seen: setter(line, "opacity"),
      arrowTo: setter(arrow, "d"), turn: setter(arrow, "transform"),
    };
  });
  const boxes = {
    fuel: box(1, 52, 60, 52, "fuel", "fuel"),
    engine: box(92, 52, 72, 52, "engine", "engine"),
    wheels: box(394, 52, 80, 52, "wheels", "wheels"),
    mg1: box(186, 146, 80, 52, "MG1", "mg1"),
    mg2: box(294, 146, 80, 52, "MG2", "mg2"),
    battery: box(22, 218, 124, 60, "battery", "battery"),
    aux: box(394, 222, 80, 52, "auxiliaries", "grey"),
    brakes: box(394, 146, 80, 52, "brakes", "brakes"),
  };
  const charge = shape("rect", { x: 24, y: 276, height: 0, width: 120, rx: 6, class: "f-battery", opacity: 0.25 });
  const chargeTo = [setter(charge, "y"), setter(charge, "height")];
  const gearset = shape("g", {},
    shape("circle", { cx: 226, cy: 78, r: 27, class: "box s-ink", "stroke-width": 2 }),
    label(226, 75, "power", { "text-anchor": "middle" }),
    label(226, 90, "split", { "text-anchor": "middle" }));
  const engineState = label(128, 44, "", { "text-anchor": "middle", class: "f-grey" });
  const state = writer(engineState);
  const scale = `width of a flow: its power, ${words(largest_w / 1e3, 0)} kW at most; that of fuel a third as wide`;
  place.replaceChildren(picture(width, height, "Energy monitor: power between fuel, engine, machines, battery and wheels",
    ...flows.map((flow) => flow.line), ...flows.map((flow) => flow.arrow), gearset,
    ...Object.values(boxes).map((it) => it.node), charge, engineState,
    label(width / 2, height - 8, scale, { "text-anchor": "middle", class: "f-grey", "font-size": 11 })));
  const [soc_low, , soc_high] = run.car.soc;
  const kw = (power_w) => `${words(power_w / 1e3, 1)} kW`;

  return (now, withWords) => {
    now.fuel_w = now.fuel_g_s * run.lhv_w_per_g_s;
    for (const flow of flows) {
      const power_w = flow.bus ? busPower(now) : flow.of(now);
      const share = Math.abs(power_w) / (flow.name === "fuel" ? 3 * largest_w : largest_w);
      const seen = share > UNSEEN;
      const wide = seen ? Math.max(THINNEST, Math.min(1, share) * WIDEST) : THINNEST / 2;
      flow.width(px(wide));
      flow.seen(seen ? 1 : 0.25);
      const half = px(wide / 2 + ARROW);
      flow.arrowTo(seen ? `M-6 ${-half}L8 0L-6 ${half}Z` : "");
      flow.turn(`${flow.middle} rotate(${power_w < 0 ? flow.angle + 180 : flow.angle})`);
    }
    const full = Math.max(0, Math.min(1, (now.soc - soc_low) / (soc_high - soc_low)));
    chargeTo[0](px(276 - 56 * full));
    chargeTo[1](px(56 * full));
    if (!withWords) return;
    boxes.fuel.value(`${words(now.fuel_g_s, 2)} g/s`);
    boxes.engine.value(kw(now.engine_w));
    boxes.wheels.value(kw(now.wheel_w));
    boxes.mg1.value(kw(now.mg1_electric_w));
    boxes.mg2.value(kw(now.mg2_electric_w));
    boxes.battery.value(`${kw(now.battery_w)} · ${words(100 * now.soc, 1)} %`);
    boxes.aux.value(kw(now.aux_w));
    boxes.brakes.value(kw(now.brake_w));
    state(STATES[now.state].title);
  };
}
