"""The strips of every session of the newest run, with pandas and matplotlib: what the report's own plots are held against.

    bench_strips.py DATABASE FOLDER     one SVG for each session; prints the number of strips and samples drawn
"""

import sqlite3
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import pandas as pd

# Title, unit, quantities: as the report stacks them.
STRIPS = [
    ("Temperature", "°C", ["temperature"]),
    ("Clocks", "GHz", ["clock-current", "clock-cap"]),
    ("Memory", "MiB", ["runtime-memory", "system-memory"]),
    ("Processor", "s/s", ["cpu-time"]),
    ("Pressure", "", ["pressure"]),
]
FACTOR = {"clock-current": 1e-9, "clock-cap": 1e-9, "runtime-memory": 1 / 2**20, "system-memory": 1 / 2**20}


def series(db, channel, scale, zero):
    frame = pd.read_sql_query(
        "SELECT t_mono_ns, raw FROM sample WHERE channel_id = ? AND raw IS NOT NULL ORDER BY seq", db, params=(channel,)
    )
    return pd.Series(frame["raw"].to_numpy() * scale, index=(frame["t_mono_ns"].to_numpy() - zero) / 1e9)


def rates(db, session, zero):
    """Tokens a second over each second and over a rolling minute."""
    tokens = pd.read_sql_query("SELECT t_mono_ns, tokens FROM token WHERE session_id = ?", db, params=(session,))
    at = pd.to_timedelta(tokens["t_mono_ns"] - zero, unit="ns")
    each = pd.Series(tokens["tokens"].to_numpy(), index=at).sort_index().resample("1s").sum()
    return each, each.rolling(60, min_periods=30).mean()


def draw(db, session, device, zero, folder):
    channels = pd.read_sql_query(
        "SELECT id, name, quantity, scale FROM channel WHERE session_id = ? AND missing_reason IS NULL", db, params=(session,)
    )
    drawn = 0
    figure, axes = plt.subplots(len(STRIPS) + 2, 1, sharex=True, figsize=(12.4, 12))
    each, minute = rates(db, session, zero)
    for line, width in ((each, 0.6), (minute, 1.6)):
        axes[0].plot(line.index.total_seconds(), line.to_numpy(), linewidth=width)
    axes[0].set_ylabel("tokens/s")
    for axis, (title, unit, quantities) in zip(axes[1:], STRIPS):
        for _, channel in channels[channels["quantity"].isin(quantities)].iterrows():
            line = series(db, channel["id"], channel["scale"] * FACTOR.get(channel["quantity"], 1), zero)
            if channel["quantity"] == "cpu-time":
                line = line.diff() / line.index.to_series().diff()
            drawn += len(line)
            axis.plot(line.index, line.to_numpy(), linewidth=0.8, label=channel["name"])
        axis.set_ylabel(f"{title} {unit}")
    power = {name: channels[channels["quantity"] == name] for name in ("voltage", "current")}
    if all(len(found) for found in power.values()):
        volts, amperes = (series(db, found.iloc[0]["id"], found.iloc[0]["scale"], zero) for found in power.values())
        both = pd.concat([volts, amperes.abs()], axis=1).dropna()
        drawn += len(both)
        axes[-1].plot(both.index, both.iloc[:, 0] * both.iloc[:, 1], linewidth=0.8)
    axes[-1].set_ylabel("Power W")
    axes[0].set_title(device)
    figure.savefig(f"{folder}/{session}.svg")
    plt.close(figure)
    return drawn


def main():
    db = sqlite3.connect(sys.argv[1])
    sessions = db.execute(
        "SELECT id, device, first_scored_submit_mono_ns FROM session"
        " WHERE run_id = (SELECT run_id FROM run ORDER BY opened_unix_ns DESC LIMIT 1)"
    ).fetchall()
    drawn = sum(draw(db, session, device, zero, sys.argv[2]) for session, device, zero in sessions)
    print(f"{len(sessions)} sessions, {drawn} samples drawn")


main()
