// The moment that everything shows: moved by pointing, by the slider, by keys, or playing.

/** How often figures are written while playing, ms. */
const WORDS_EVERY_MS = 120;

/** A moment in words, for those who do not see the diagrams. */
function spoken(run, now) {
  return [
    `${words(now.time_s, 1)} s: ${words(now.speed_kmh, 1)} km/h`,
    `engine ${STATES[now.state].title}, ${words(now.engine_rpm, 0)} rpm, ${words(now.engine_torque_nm, 0)} N·m`,
    `MG1 ${words(now.mg1_rpm, 0)} rpm, ${words(now.mg1_torque_nm, 0)} N·m`,
    `MG2 ${words(now.mg2_rpm, 0)} rpm, ${words(now.mg2_torque_nm, 0)} N·m`,
    `battery ${words(now.battery_w / 1e3, 1)} kW, SOC ${words(100 * now.soc, 1)} %`,
  ].join("; ");
}

/** The player of some runs over a place with the controls of `drive.html`. */
function player(runs) {
  const by = (id) => document.getElementById(id);
  const [play, slider, rate, which, clock, moment] = ["play", "time", "rate", "which", "clock", "moment"].map(by);
  const say = writer(moment);
  const tell = writer(clock);
  const start_s = Math.min(...runs.map((run) => run.start_s));
  const end_s = Math.max(...runs.map((run) => run.end_s));
  let shown = null;
  let time_s = start_s;
  let playing = false;
  let held = false;
  let frame = 0;
  let last_ms = null;
  let words_ms = 0;

  const point = (at_s, how) => {
    if (how === "hover" && (playing || held)) return;
    if (how === "click") held = !held;
    by("drive").classList.toggle("held", held);
    moveTo(at_s);
  };
  const group = tracePanels(by("traces"), runs, point);

  const choose = (index) => {
    const run = runs[index];
    shown = { run, lever: lever(by("lever"), run), gears: gears(by("gears"), run), monitor: monitor(by("monitor"), run), maps: runs[index].marks };
    request();
  };
  const draw = (withWords, seconds) => {
    const at_s = Math.min(Math.max(time_s, shown.run.start_s), shown.run.end_s);
    const now = momentAt(shown.run, at_s);
    shown.lever(now, withWords);
    shown.gears(now, seconds);
    shown.monitor(now, withWords);
    shown.maps(now);
    group.show(time_s, withWords);
    if (!withWords) return;
    slider.value = time_s;
    tell(`${words(time_s, 1)} s`);
    slider.setAttribute("aria-valuetext", `${words(time_s, 1)} seconds, ${words(now.speed_kmh, 1)} km/h`);
    // Read aloud where the moment stands still, not thirty times a second.
    if (!playing) say(spoken(shown.run, now));
  };
  let drawn_s = start_s;
  const onFrame = (now_ms) => {
    frame = 0;
    const times_ = Number(rate.value);
    if (playing) {
      // The first frame only sets the clock.
      if (last_ms !== null) time_s += (Math.min(now_ms - last_ms, 100) / 1e3) * times_;
      if (time_s >= end_s) {
        time_s = end_s;
        setPlaying(false);
      }
    }
    last_ms = now_ms;
    const withWords = !playing || now_ms - words_ms > WORDS_EVERY_MS;
    if (withWords) words_ms = now_ms;
    // At any speed of play the gears turn so slowly that one can follow them.
    draw(withWords, (time_s - drawn_s) / (playing ? times_ : 1));
    drawn_s = time_s;
    if (playing) request();
  };
  const request = () => {
    frame ||= requestAnimationFrame(onFrame);
  };
  const moveTo = (at_s) => {
    time_s = at_s;
    request();
  };
  const setPlaying = (on) => {
    playing = on;
    play.textContent = on ? "Pause" : "Play";
    last_ms = null;
    moment.setAttribute("aria-live", on ? "off" : "polite");
    if (on && time_s >= end_s) time_s = start_s;
    request();
  };

  slider.min = start_s;
  slider.max = end_s;
  slider.step = 0.1;
  slider.addEventListener("input", () => moveTo(Number(slider.value)));
  play.addEventListener("click", () => setPlaying(!playing));
  if (runs.length > 1) {
    for (const [index, run] of runs.entries()) which.add(new Option(`${run.letter}: ${run.name}`, index));
    which.addEventListener("change", () => choose(Number(which.value)));
    which.parentElement.hidden = false;
  }
  by("all").addEventListener("click", group.reset);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && held) {
      held = false;
      by("drive").classList.remove("held");
    }
  });
  for (const [index, run] of runs.entries()) run.marks = mapMarks(run, index);
  choose(0);
  return {
    group,
    /** Shows a run at a time and holds it. */
    goTo: (index, at_s) => {
      which.value = index;
      choose(index);
      held = true;
      by("drive").classList.add("held");
      moveTo(at_s);
    },
  };
}
