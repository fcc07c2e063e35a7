// Shapes of SVG, and attributes that are only written when they change.

const SVG = "http://www.w3.org/2000/svg";

/** A shape with attributes and children. */
function shape(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const name in attributes) node.setAttribute(name, attributes[name]);
  node.append(...children);
  return node;
}

/** A picture of a width and height that says what it is. */
function picture(width, height, label, ...children) {
  const attributes = { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: "picture" };
  return shape("svg", attributes, ...children);
}

/** Text at a place; `more` are further attributes. */
function label(x, y, words, more = {}) {
  return shape("text", { x, y, "font-size": 12, class: "f-ink", ...more }, words);
}

/** Writes an attribute, but not the same twice. */
function setter(node, name) {
  let last;
  return (value) => {
    if (value === last) return;
    last = value;
    node.setAttribute(name, value);
  };
}

/** Writes the text of a node, but not the same twice. */
function writer(node) {
  let last;
  return (words) => {
    if (words === last) return;
    last = words;
    node.textContent = words;
  };
}

/** A coordinate to a tenth of a pixel. */
const px = (value) => Math.round(value * 10) / 10;

/** A round number at or above a positive one: 1, 2 or 5 of its decade. */
function round(value) {
  const decade = 10 ** Math.floor(Math.log10(value));
  return decade * [1, 2, 5, 10].find((step) => step * decade >= value * (1 - 1e-9));
}
