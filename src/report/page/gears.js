// The planetary gearset, turning. Seen from MG1's end; forward is clockwise.

const GEARS = { size: 330, ring: 128, rim: 146 };
const PLANETS = 4;
/** How much slower than the car the picture turns at a normal speed of play. */
const SLOWER = 120;

/** The outline of a gear; teeth of an inner gear point inwards. */
function teeth(count, radius, depth, inner) {
  const pitch = (2 * Math.PI) / count;
  const root = inner ? radius + depth : radius - depth;
  const tip = inner ? radius - depth : radius + depth;
  let path = "";
  for (let i = 0; i < count; i++) {
    const corners = [[-0.36, root], [-0.17, tip], [0.17, tip], [0.36, root]];
    for (const [share, at] of corners) {
      const angle = (i + share) * pitch;
      path += `${path ? "L" : "M"}${px(at * Math.cos(angle) * 10) / 10} ${px(at * Math.sin(angle) * 10) / 10}`;
    }
  }
  return path + "Z";
}

/** Angles at which teeth meet gaps: of each planet, and of the ring. */
function meshing(car) {
  const { sun_teeth: sun, ring_teeth: ring, pinion_teeth: pinion } = car;
  const turn = 2 * Math.PI;
  const planets = Array.from({ length: PLANETS }, (_, i) => {
    const at = (i * turn) / PLANETS;
    const past = ((at * sun) / turn) % 1;
    return at + Math.PI - ((0.5 - past) * turn) / pinion;
  });
  const past = ((-planets[0] * pinion) / turn) % 1;
  return { planets, ring: -((past - 0.5) * turn) / ring };
}

/** Draws the gearset of a run into a place; the answer turns it to a moment. */
function gears(place, run) {
  const { car } = run;
  const { size, ring, rim } = GEARS;
  const module_ = ring / car.ring_teeth;
  const sun = module_ * car.sun_teeth;
  const planet = (ring - sun) / 2;
  const carrier = sun + planet;
  const depth = module_ * 0.95;
  const mesh = meshing(car);
  const degrees = (angle) => px((angle * 1800) / Math.PI) / 10;
  const circle = (r) => `M${r} 0A${r} ${r} 0 1 0 ${-r} 0A${r} ${r} 0 1 0 ${r} 0Z`;

  const ringNode = shape("g", {},
    shape("path", { d: circle(rim) + teeth(car.ring_teeth, ring, depth, true), class: "f-mg2", "fill-rule": "evenodd", opacity: 0.85 }),
    shape("circle", { cx: (ring + rim) / 2 + 1, r: 4, class: "f-paper" }));
  const sunNode = shape("g", {},
    shape("path", { d: teeth(car.sun_teeth, sun, depth, false) + circle(12), class: "f-mg1", "fill-rule": "evenodd" }),
    shape("circle", { cx: sun - 12, r: 4, class: "f-paper" }));
  const carrierNode = shape("g");
  const planets = mesh.planets.map((_, i) => {
    const at = (i * 2 * Math.PI) / PLANETS;
    const [x, y] = [carrier * Math.cos(at), carrier * Math.sin(at)];
    const gear = shape("g", {},
      shape("path", { d: teeth(car.pinion_teeth, planet, depth, false), class: "f-loss" }),
      shape("circle", { cx: planet - 10, r: 3, class: "f-paper" }));
    const arm = shape("line", { x2: px(x), y2: px(y), class: "s-engine", "stroke-width": 13, "stroke-linecap": "round" });
    carrierNode.append(shape("g", { transform: `translate(${px(x)} ${px(y)})` }, gear), arm);
    return setter(gear, "transform");
  });
  carrierNode.append(shape("circle", { r: 17, class: "f-engine" }), shape("circle", { r: 4, class: "f-paper" }));
  const centre = shape("g", { transform: `translate(${size / 2} ${size / 2 - 12})` }, ringNode, sunNode, carrierNode);
  const key = [["mg1", "sun: MG1"], ["engine", "carrier: engine"], ["mg2", "ring: MG2, wheels"]].flatMap(([colour, name], i) => [
    shape("circle", { cx: 14 + [0, 84, 192][i], cy: size - 12, r: 5, class: `f-${colour}` }),
    label(24 + [0, 84, 192][i], size - 8, name),
  ]);
  place.replaceChildren(picture(size, size, "Planetary gearset: sun, planets on their carrier, and ring", centre, ...key));
  const turns = [sunNode, carrierNode, ringNode].map((node) => setter(node, "transform"));
  const angle = { sun: 0, carrier: 0, ring: 0 };
  const advance = (name, rpm, seconds) => {
    angle[name] += (rpm * Math.PI * seconds) / 30;
  };

  /** `seconds`: time of the cycle that passed, slowed by the speed of play. */
  return (now, seconds) => {
    const slowed = seconds / SLOWER;
    advance("sun", now.mg1_rpm, slowed);
    advance("carrier", now.engine_rpm, slowed);
    advance("ring", now.ring_rpm, slowed);
    turns[0](`rotate(${degrees(angle.sun)})`);
    turns[1](`rotate(${degrees(angle.carrier)})`);
    turns[2](`rotate(${degrees(mesh.ring + angle.ring)})`);
    // Seen from the carrier a planet turns against the sun.
    const own = (-(angle.sun - angle.carrier) * car.sun_teeth) / car.pinion_teeth;
    planets.forEach((turn, i) => turn(`rotate(${degrees(mesh.planets[i] + own)})`));
  };
}
