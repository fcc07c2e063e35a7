// The lever diagram: speeds of MG1, engine and ring lie on one straight line, because the
// distances between the shafts are those of the teeth. Torques act on it like forces on a lever.

const LEVER = { width: 460, height: 330, left: 104, right: 368, top: 48, bottom: 262 };
/** Length of a torque's arrow, px per N·m, and the longest. */
const PX_PER_NM = 0.24;
const LONGEST_ARROW = 64;
const HEAD = 5;

/** An arrow up or down from a point. */
function torqueArrow(x, y, torque_nm) {
  const length = Math.max(-LONGEST_ARROW, Math.min(LONGEST_ARROW, torque_nm * PX_PER_NM));
  if (Math.abs(length) < 1.5) return "";
  const tip = y - length;
  const back = tip + Math.sign(length) * Math.min(HEAD, Math.abs(length));
  return `M${px(x)} ${px(y)}V${px(tip)}M${px(x - HEAD)} ${px(back)}L${px(x)} ${px(tip)}L${px(x + HEAD)} ${px(back)}`;
}

/** Speeds shown: those of the run and the limits near them. */
function leverSpan(run) {
  const { car } = run;
  const [low, high] = span(run, ["mg1_rpm", "engine_rpm", "ring_rpm"]);
  const bottom = Math.max(-car.mg1.max_rpm, Math.min(low, car.engine_off_mg1_rpm) * 1.12);
  const top = Math.min(car.mg1.max_rpm, Math.max(high, car.engine.max_rpm) * 1.06);
  return [bottom, top];
}

/** Draws the diagram of a run into a place; the answer shows a moment. */
function lever(place, run) {
  const { car } = run;
  const { width, height, left, right, top, bottom } = LEVER;
  const [low, high] = leverSpan(run);
  const y = (rpm) => bottom - ((rpm - low) / (high - low)) * (bottom - top);
  const clipped = (rpm) => y(Math.max(low, Math.min(high, rpm)));
  const teeth = car.sun_teeth + car.ring_teeth;
  const x = { mg1: left, engine: left + ((right - left) * car.ring_teeth) / teeth, ring: right };
  const ringMax = car.mg2.max_rpm / car.mg2_ratio;
  const base = shape("g");

  /** Ticks of a scale that turns `ratio` times as fast as the picture's. */
  const ticks = (ratio, draw) => {
    const step = round(((high - low) * ratio) / 7);
    for (let rpm = Math.ceil((low * ratio) / step) * step; rpm <= high * ratio; rpm += step) draw(rpm, px(y(rpm / ratio)));
  };
  const small = (x, y, words, anchor) => label(x, y + 4, words, { class: "f-grey", "text-anchor": anchor, "font-size": 11 });
  ticks(1, (rpm, at) => {
    const line = shape("line", { x1: left - 8, x2: right + 8, y1: at, y2: at, class: rpm === 0 ? "s-rule" : "s-grid" });
    base.append(line, small(left - 40, at, words(rpm, 0), "end"));
  });
  ticks(car.mg2_ratio, (rpm, at) => {
    base.append(shape("line", { x1: right + 26, x2: right + 32, y1: at, y2: at, class: "s-mg2" }), small(right + 38, at, words(rpm, 0), "start"));
  });
  base.append(
    small(left - 40, top - 16, "rpm", "end"),
    small(right + 26, top - 16, "MG2 rpm", "start"),
  );

  /** The axis of a shaft with the range it may turn in; an end outside the picture is named. */
  const axis = (at, name, colour, [from, to]) => {
    base.append(
      shape("line", { x1: px(at), x2: px(at), y1: top, y2: bottom, class: "s-rule" }),
      shape("rect", { x: px(at) - 5, width: 10, y: px(clipped(to)), height: px(clipped(from) - clipped(to)), class: `f-${colour}`, opacity: 0.22 }),
      label(px(at), 18, name, { "text-anchor": "middle", class: "f-ink b", "font-size": 13 }),
    );
    for (const rpm of [from, to]) {
      const inside = rpm >= low && rpm <= high;
      if (!inside) base.append(small(px(at), rpm > high ? top - 10 : bottom + 8, `${rpm > high ? "↑" : "↓"} ${words(rpm, 0)}`, "middle"));
      if (inside) base.append(shape("line", { x1: px(at) - 9, x2: px(at) + 9, y1: px(y(rpm)), y2: px(y(rpm)), class: `s-${colour}`, "stroke-width": 2 }));
    }
  };
  axis(x.mg1, "MG1", "mg1", [-car.mg1.max_rpm, car.mg1.max_rpm]);
  axis(x.engine, "engine", "engine", [car.engine.idle_rpm, car.engine.max_rpm]);
  axis(x.ring, "ring", "mg2", [-ringMax, ringMax]);
  const ceiling = px(y(car.engine_off_mg1_rpm));
  base.append(
    shape("line", { x1: x.mg1 - 14, x2: x.mg1 + 14, y1: ceiling, y2: ceiling, class: "s-brakes", "stroke-width": 2.5 }),
    small(x.mg1 + 18, ceiling, "limit with the engine off", "start"),
    small(x.engine + 12, px(y(car.engine.idle_rpm)), "idle", "start"),
  );

  const bar = shape("line", { class: "s-ink", "stroke-width": 3, "stroke-linecap": "round" });
  const shafts = [
    ["mg1", x.mg1, "mg1_rpm", (now) => now.mg1_torque_nm],
    ["engine", x.engine, "engine_rpm", (now) => now.engine_torque_nm],
    ["mg2", x.ring, "ring_rpm", (now) => now.mg2_torque_nm * car.mg2_ratio],
  ].map(([colour, at, speed, torque]) => {
    const arrow = shape("path", { class: `s-${colour}`, "stroke-width": 3 });
    const disc = shape("circle", { cx: px(at), r: 6, class: `f-${colour}` });
    const value = label(px(at), height - 42, "", { "text-anchor": "middle" });
    const force = label(px(at), height - 25, "", { "text-anchor": "middle", class: "f-grey" });
    base.append(value, force);
    return { at, speed, torque, arrow, disc, arrowTo: setter(arrow, "d"), discTo: setter(disc, "cy"), value: writer(value), force: writer(force) };
  });
  base.append(small(width / 2, height - 10, "arrows: torque on the shaft; bars: speeds allowed", "middle"));
  const words_ = "Lever diagram: speeds of MG1, engine and ring on one line, with the limits of each shaft";
  place.replaceChildren(picture(width, height, words_, base, bar, ...shafts.map((it) => it.arrow), ...shafts.map((it) => it.disc)));
  const ends = ["x1", "y1", "x2", "y2"].map((name) => setter(bar, name));
  ends[0](px(x.mg1));
  ends[2](px(x.ring));

  return (now, withWords) => {
    ends[1](px(y(now.mg1_rpm)));
    ends[3](px(y(now.ring_rpm)));
    for (const it of shafts) {
      const height = y(now[it.speed]);
      it.discTo(px(height));
      it.arrowTo(torqueArrow(it.at, height, it.torque(now)));
      if (!withWords) continue;
      it.value(`${words(now[it.speed], 0)} rpm`);
      it.force(`${words(it.torque(now), 0)} N·m`);
    }
  };
}
