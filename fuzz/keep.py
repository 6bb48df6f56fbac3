#!/usr/bin/env python3
"""Chooses the inputs that are kept of those a search found: few and short, that reach most code together.

    python3 keep.py target/HOST/release/table 60 found/table corpus/table

reads the inputs of all folders named and leaves in the last the 60 that are worth most, each by the code that no earlier one reaches
and by its length. libFuzzer's own merge keeps whatever reaches anything new: hundreds of files.
"""
import heapq
import pathlib
import subprocess
import sys
import tempfile

# Bytes that a file costs besides its own: many short ones are a burden too.
FILE_COST = 200


def features(binary, folders):
    """What code each input reaches: path -> set of numbers."""
    with tempfile.TemporaryDirectory() as empty:
        control = pathlib.Path(empty, "control")
        output = pathlib.Path(empty, "output")
        output.mkdir()
        options = ["-set_cover_merge=1", "-use_counters=0", f"-merge_control_file={control}"]
        subprocess.run([binary, *options, output, *folders], check=True, stderr=subprocess.DEVNULL)
        lines = control.read_text().splitlines()
    count = int(lines[0])
    paths = [pathlib.Path(line) for line in lines[2 : 2 + count]]
    rows = (line.split() for line in lines[2 + count :])
    return {paths[int(row[1])]: {int(number) for number in row[2:]} for row in rows if row[0] == "FT"}


def choose(reached, most):
    """The best first; a worth that was true before an earlier choice is no more than a bound, and is looked at again."""
    cost = {path: FILE_COST + path.stat().st_size for path in reached}
    chosen, seen = [], set()
    heap = [(-len(numbers) / cost[path], path) for path, numbers in reached.items()]
    heapq.heapify(heap)
    while heap and len(chosen) < most:
        _, path = heapq.heappop(heap)
        worth = len(reached[path] - seen) / cost[path]
        if worth == 0:
            continue
        if heap and -worth > heap[0][0]:
            heapq.heappush(heap, (-worth, path))
            continue
        chosen.append(path)
        seen |= reached[path]
    return chosen, len(seen)


def main():
    binary, most, *folders = sys.argv[1:]
    reached = features(binary, folders)
    every = len(set().union(*reached.values()))
    chosen, seen = choose(reached, int(most))
    kept = {path.name: path.read_bytes() for path in chosen}
    last = pathlib.Path(folders[-1])
    for path in last.iterdir():
        path.unlink()
    for name, data in kept.items():
        (last / name).write_bytes(data)
    print(f"{len(kept)} inputs, {sum(map(len, kept.values()))} bytes: {seen} of {every} places in the code")


if __name__ == "__main__":
    main()
