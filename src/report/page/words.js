// Numbers, causes and states as people write them.

const MINUS = "\u2212";
const THIN_SPACE = "\u2009";

/** A number with a true minus, thin spaces between thousands, and a dash where there is none. */
function words(value, decimals) {
  if (!Number.isFinite(value)) return "–";
  const plain = Math.abs(value).toFixed(decimals);
  let [whole, rest] = plain.split(".");
  if (whole.length > 4) whole = whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
  const sign = value < 0 && /[1-9]/.test(plain) ? MINUS : "";
  return sign + whole + (rest ? "." + rest : "");
}

/** Causes of a start of the engine: title, colour of the page, and mark. */
const CAUSES = {
  power_demand: { title: "power demand", colour: "engine", mark: "▲" },
  low_soc: { title: "low SOC", colour: "battery", mark: "▼" },
  battery_limit: { title: "battery limit", colour: "mg2", mark: "■" },
  speed_ceiling: { title: "speed ceiling", colour: "brakes", mark: "◆" },
  warm_up: { title: "warm-up", colour: "fuel", mark: "●" },
  battery_full: { title: "battery full", colour: "ink", mark: "✖" },
};

/** What the engine does: title and colour. */
const STATES = {
  off: { title: "at rest", colour: "off" },
  cranking: { title: "being started", colour: "ink" },
  on: { title: "burning", colour: "engine" },
  spun: { title: "turned without fuel", colour: "spun" },
};

/** Colours of runs and controllers beside each other, and their strokes. */
const RUN_COLOURS = ["engine", "mg2", "battery", "brakes", "fuel", "mg1", "ink"];
const RUN_DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 4], [12, 4], [1, 2]];
