/** What the kernel counts for the cgroups of tasks that did something lately: bytes from disks and to them. */
import type { BlockDevices } from "../kernel/block-devices.ts";
import type { CgroupTree } from "../kernel/cgroup-tree.ts";
import type { Clock } from "../kernel/clock.ts";
import type { IoStat } from "../kernel/io-stat.ts";
import type { CgroupDelta } from "../model/groups/cgroup-delta.ts";
import type { DeviceDelta, Sample } from "../model/sample.ts";
import { isActive } from "../model/view/activity.ts";

/** Writing back takes up to half a minute after the task that wrote. */
const LATELY_NS = 60e9;
/** A little less than a second, because intervals of a second are not exact. */
const PASS_NS = 0.9e9;

interface Reading {
  readonly atNs: number;
  readonly stats: readonly IoStat[];
}

export class CgroupDisks {
  readonly #tree: CgroupTree;
  readonly #sys: BlockDevices;
  readonly #clock: Clock;
  /** By cgroup: when a task in it, or below it, did something last. */
  readonly #activeNs = new Map<string, number>();
  readonly #before = new Map<string, Reading>();
  #passedNs = -Infinity;
  /** Why something is unknown, in one line; null if nothing is. */
  problem: string | null = null;

  constructor(tree: CgroupTree, sys: BlockDevices, clock: Clock) {
    this.#tree = tree;
    this.#sys = sys;
    this.#clock = clock;
  }

  /** Since the last time that there was something; null if that is less than a second ago. */
  take({ processes, host }: Sample): readonly CgroupDelta[] | null {
    const nowNs = this.#clock.monotonicNs();
    const leaves = new Set<string>();
    for (const row of processes) {
      const { cgroup } = row.task;
      if (cgroup === null || leaves.has(cgroup) || !isActive(row)) continue;
      leaves.add(cgroup);
      for (const path of withThoseAbove(cgroup))
        this.#activeNs.set(path, nowNs);
    }
    if (nowNs - this.#passedNs < PASS_NS) return null;
    this.#passedNs = nowNs;
    this.#forgetIdle(nowNs);
    const layers = host.devices && new Layers(host.devices, this.#sys);
    const deltas = [...this.#activeNs.keys()].map((path) =>
      this.#read(path, nowNs, layers),
    );
    this.#explain(leaves);
    return deltas;
  }

  #forgetIdle(nowNs: number): void {
    for (const [path, activeNs] of this.#activeNs) {
      if (nowNs - activeNs <= LATELY_NS) continue;
      this.#activeNs.delete(path);
      this.#before.delete(path);
    }
  }

  #read(path: string, nowNs: number, layers: Layers | null): CgroupDelta {
    const before = this.#before.get(path);
    const stats = this.#tree.readIoStat(path);
    const elapsedNs = before === undefined ? 0 : nowNs - before.atNs;
    const unknown = { path, fromDiskBytes: null, toDiskBytes: null, elapsedNs };
    if (stats === null) {
      this.#before.delete(path);
      return unknown;
    }
    this.#before.set(path, { atNs: nowNs, stats });
    if (before === undefined || layers === null) return unknown;
    let [fromDiskBytes, toDiskBytes] = [0, 0];
    for (const { device, readBytes, writeBytes } of layers.topOf(stats)) {
      const then = before.stats.find((each) => each.device === device);
      fromDiskBytes += readBytes - (then?.readBytes ?? 0);
      toDiskBytes += writeBytes - (then?.writeBytes ?? 0);
    }
    // Another cgroup, or another device, has the name by now.
    if (fromDiskBytes < 0 || toDiskBytes < 0) return unknown;
    return { path, fromDiskBytes, toDiskBytes, elapsedNs };
  }

  #explain(leaves: ReadonlySet<string>): void {
    for (const path of leaves) {
      if (path === "/" || this.#before.has(path)) continue;
      const why = this.#tree.readWhyNot(path);
      if (why === null) continue;
      this.problem = why;
      return;
    }
    if (leaves.size > 0) this.problem = null;
  }
}

/** Not the root: it has everything. */
function withThoseAbove(cgroup: string): readonly string[] {
  const paths: string[] = [];
  for (let path = cgroup; path !== "" && path !== "/";) {
    paths.push(path);
    path = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  }
  return paths;
}

/** How the block devices of a sample lie on each other. */
class Layers {
  readonly #devices: ReadonlyMap<string, DeviceDelta>;
  readonly #sys: BlockDevices;
  /** By "MAJOR:MINOR". */
  readonly #names = new Map<string, string | null>();

  constructor(devices: readonly DeviceDelta[], sys: BlockDevices) {
    this.#devices = new Map(devices.map((device) => [device.name, device]));
    this.#sys = sys;
  }

  /**
   * What is written to a mapping or an array is counted there, and again at the disks below it if these are written in
   * the name of the same cgroup: of such a stack the top alone. What lies on no disk is not counted: what a loop device
   * writes is, at the disk that has its file.
   */
  topOf(stats: readonly IoStat[]): readonly IoStat[] {
    const named = stats.map((stat) => ({
      stat,
      name: this.#nameOf(stat.device) ?? "",
    }));
    const below = new Set(
      named
        .filter(({ stat }) => stat.readBytes + stat.writeBytes > 0)
        .flatMap(({ name }) => this.#lowerOf(name)),
    );
    return named.flatMap(({ name, stat }) =>
      this.#liesOnDisk(name) && !below.has(name) ? [stat] : [],
    );
  }

  #liesOnDisk(name: string): boolean {
    return [name, ...this.#lowerOf(name)].some(
      (each) => this.#devices.get(each)?.kind === "disk",
    );
  }

  #lowerOf(name: string): readonly string[] {
    return (this.#devices.get(name)?.liesOn ?? []).flatMap((lower) => [
      lower,
      ...this.#lowerOf(lower),
    ]);
  }

  #nameOf(device: string): string | null {
    let name = this.#names.get(device);
    if (name === undefined)
      this.#names.set(device, (name = this.#sys.readName(device)));
    return name;
  }
}
