// The moment under the cursor as a ring on the maps of a run.

/** Columns that a map's axes show. */
const MAP_AXES = {
  "engine-map": ["engine_rpm", "engine_torque_nm"],
  "split-map": ["speed_kmh", "engine_rpm"],
  "mg1-map": ["mg1_rpm", "mg1_torque_nm"],
  "mg2-map": ["mg2_rpm", "mg2_torque_nm"],
};

/** A figure on a scale, as a share of the picture's size. */
function shareOf(scale, value, size) {
  const [low, high] = scale.figures;
  const [from, to] = scale.pixels;
  const at = Math.max(0, Math.min(1, (value - low) / (high - low)));
  return (from + at * (to - from)) / size;
}

/** Puts a ring on each map of a run; the answer moves those that are in sight. */
function mapMarks(run, index) {
  const marks = new Map();
  let latest = null;
  const move = (mark) => {
    const { scales, drawing, dot, axes } = mark;
    const { width, height } = drawing.viewBox.baseVal;
    const x = shareOf(scales.x, latest[axes[0]], width) * drawing.clientWidth;
    const y = shareOf(scales.y, latest[axes[1]], height) * drawing.clientHeight;
    dot.style.transform = `translate(${px(x)}px, ${px(y)}px)`;
    dot.hidden = false;
  };
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const mark = marks.get(entry.target);
      mark.inSight = entry.isIntersecting;
      if (mark.inSight && latest) move(mark);
    }
  });
  for (const figure of document.querySelectorAll(`figure.map[data-run-of="${index}"]`)) {
    const scales = run.scales[figure.dataset.map];
    const drawing = figure.querySelector("svg");
    if (!scales || !drawing) continue;
    const dot = document.createElement("i");
    dot.className = "moment-mark";
    dot.hidden = true;
    figure.append(dot);
    marks.set(figure, { scales, drawing, dot, axes: MAP_AXES[figure.dataset.map], inSight: false });
    seen.observe(figure);
  }
  return (now) => {
    latest = now;
    for (const mark of marks.values()) if (mark.inSight) move(mark);
  };
}
