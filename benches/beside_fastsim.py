#!/usr/bin/env python3
"""thsim and FASTSim side by side: processor time of one UDDS pass of a hybrid.

Both drive the same second-by-second trace (FASTSim's own udds.csv) in as many processes at
once as are asked for, warm, one thread each. FASTSim keeps no history; thsim keeps its energy
ledger. Rounds of each in turn, minima and medians over all of them.

    python -m venv venv && venv/bin/pip install fastsim==3.1.0
    cargo build --release
    venv/bin/python benches/beside_fastsim.py --thsim target/release/thsim
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

# Set, it makes every error value of FASTSim's walk through the stack: ten times slower.
os.environ.pop("RUST_BACKTRACE", None)

VEHICLE = "2016_TOYOTA_Prius_Two.yaml"
VERSION = "3.1.0"


def fastsim_passes(passes: int) -> list[float]:
    """Seconds of processor time of each pass, after two that warm up."""
    import fastsim

    warnings.simplefilter("ignore", DeprecationWarning)
    vehicle = fastsim.Vehicle.from_resource(VEHICLE)
    vehicle.set_save_interval(None)
    cycle = fastsim.Cycle.from_resource("udds.csv")
    taken = []
    for nth in range(passes + 2):
        drive = fastsim.SimDrive(vehicle, cycle)
        begun = time.thread_time()
        drive.run_once()
        if nth >= 2:
            taken.append(time.thread_time() - begun)
    return taken


def thsim_bench(binary: str, trace: str) -> dict:
    """What `thsim sweep bench` says."""
    command = [binary, "sweep", "bench", trace, "--jobs", "1", "--format", "json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def write_trace(path: Path) -> int:
    """FASTSim's cycle as a file for thsim; gives its steps."""
    import fastsim

    cycle = fastsim.Cycle.from_resource("udds.csv").to_dict()
    rows = list(zip(cycle["time_seconds"], cycle["speed_meters_per_second"]))
    lines = ["time_s,speed_mps"] + [f"{time_s!r},{speed!r}" for time_s, speed in rows]
    path.write_text("\n".join(lines) + "\n")
    return len(rows) - 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--thsim", default="target/release/thsim", help="the program")
    parser.add_argument("--processes", type=int, default=1, help="at once, of each")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--passes", type=int, default=200, help="of FASTSim in a round")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()

    from importlib.metadata import version

    if version("fastsim") != VERSION:
        print(f"compares with FASTSim {VERSION}, found {version('fastsim')}", file=sys.stderr)
        return 2
    peer, alone, beside, alone_mid, beside_mid = [], [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "udds.csv"
        steps = write_trace(trace)
        with ProcessPoolExecutor(asked.processes) as pool:
            for _ in range(asked.rounds):
                every = range(asked.processes)
                for passes in pool.map(fastsim_passes, [asked.passes for _ in every]):
                    peer += passes
                for said in pool.map(thsim_bench, [asked.thsim for _ in every], [str(trace) for _ in every]):
                    alone.append(said["scalar_s_per_run"])
                    beside.append(said["lanes_s_per_run"])
                    alone_mid.append(said["scalar_median_s_per_run"])
                    beside_mid.append(said["lanes_median_s_per_run"])
    least = {"fastsim": min(peer), "thsim_alone": min(alone), "thsim_beside": min(beside)}
    middle = {
        "fastsim": statistics.median(peer),
        "thsim_alone": statistics.median(alone_mid),
        "thsim_beside": statistics.median(beside_mid),
    }
    result = {"steps": steps, "processes": asked.processes, "minima_s": least, "medians_s": middle}
    for name, of in (("minima", least), ("medians", middle)):
        result[f"alone_times_as_fast_{name}"] = of["fastsim"] / of["thsim_alone"]
        result[f"beside_times_as_fast_{name}"] = of["fastsim"] / of["thsim_beside"]
    if asked.json:
        print(json.dumps(result, indent=2))
        return 0
    print(f"one UDDS pass, {steps} steps, {asked.processes} processes of each, processor time")
    print(f"{'':24}{'least':>12}{'':9}{'median':>12}")
    for name, title in (
        ("fastsim", f"FASTSim {VERSION}"),
        ("thsim_alone", "thsim, one car alone"),
        ("thsim_beside", "thsim, eight at once"),
    ):
        print(
            f"{title:24}{1e6 * least[name]:9.1f} µs {least['fastsim'] / least[name]:6.1f} x"
            f"{1e6 * middle[name]:9.1f} µs {middle['fastsim'] / middle[name]:6.1f} x"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
