// Puts everything in its place.

const groups = [];

if (model.runs.length > 0) {
  const { group, goTo } = player(model.runs.map(readRun));
  groups.push(group);
  for (const button of document.querySelectorAll("button.go")) {
    button.title = "show this moment";
    button.addEventListener("click", () => {
      goTo(Number(button.dataset.runOf), Number(button.dataset.time));
      document.getElementById("drive").scrollIntoView();
    });
  }
}
for (const place of document.querySelectorAll("[data-optimum]")) {
  groups.push(optimumPanels(place, model.optima[Number(place.dataset.optimum)]));
}

// Two bars stay at the top, each one line high or several: the style has their heights, so that
// nothing that is jumped to or focused lies beneath them.
for (const [name, bar] of [["--bar", document.querySelector("header")], ["--player", document.querySelector(".player")]]) {
  if (!bar) continue;
  new ResizeObserver(() => {
    const stays = getComputedStyle(bar).position === "sticky";
    document.documentElement.style.setProperty(name, stays ? `${bar.offsetHeight}px` : "0px");
  }).observe(bar);
}

// Light and dark.
const darkSystem = matchMedia("(prefers-color-scheme: dark)");
const themeButton = document.getElementById("theme");
const isDark = () => (document.documentElement.dataset.theme ?? (darkSystem.matches ? "dark" : "light")) === "dark";
const repaint = () => {
  colours.clear();
  themeButton.textContent = isDark() ? "Light" : "Dark";
  for (const group of groups) group.redraw();
};
themeButton.hidden = false;
themeButton.addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  repaint();
});
darkSystem.addEventListener("change", repaint);
repaint();

// On paper everything is open and light, traces included.
let closed = [];
let theme;
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const details of closed) details.open = true;
  theme = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
  repaint();
});
addEventListener("afterprint", () => {
  for (const details of closed) details.open = false;
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  repaint();
});

// What a band of the Sankey is, beside the pointer or the focus.
const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
document.body.append(tip);
const showTip = (flow, x, y) => {
  tip.textContent = flow.getAttribute("aria-label");
  tip.hidden = false;
  tip.style.transform = `translate(${px(Math.min(x + 14, innerWidth - tip.offsetWidth - 8))}px, ${px(y + 14)}px)`;
};
for (const flow of document.querySelectorAll(".flow")) {
  flow.addEventListener("pointermove", (event) => showTip(flow, event.clientX, event.clientY));
  flow.addEventListener("pointerleave", () => (tip.hidden = true));
  flow.addEventListener("focus", () => {
    const { left, width, top, height } = flow.getBoundingClientRect();
    showTip(flow, left + width / 2, top + height / 2);
  });
  flow.addEventListener("blur", () => (tip.hidden = true));
}
