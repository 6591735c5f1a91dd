/** A made-up /sys and /proc/diskstats, in a folder of their own. */
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BlockDevices } from "../../../src/kernel/block-devices.ts";
import { Diskstats } from "../../../src/kernel/diskstats.ts";
import { DeviceReader } from "../../../src/sampler/devices.ts";

/** What differs from 0, in sectors and ms. */
export interface FakeCounts {
  readonly reads?: number;
  readonly readSectors?: number;
  readonly readMs?: number;
  readonly writes?: number;
  readonly writtenSectors?: number;
  readonly writeMs?: number;
  readonly inFlight?: number;
  readonly busyMs?: number;
  readonly queueMs?: number;
  readonly flushes?: number;
}

interface FakeDevice {
  readonly id: string;
  counts: FakeCounts;
}

export class FakeSysfs implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "iotop-sysfs-"));
  readonly #devices = new Map<string, FakeDevice>();
  #events = 100;

  constructor() {
    this.#put("kernel/uevent_seqnum", "100");
    this.#write();
  }

  /**
   * A device comes.
   *
   * @param files their contents, below the folder of the device; a name that ends with / is a folder
   * @param folder where its link leads, below /sys: of a partition, into its disk
   */
  add(
    id: string,
    name: string,
    files: Readonly<Record<string, string>> = {},
    folder = `devices/block/${name}`,
  ): void {
    for (const [path, text] of Object.entries({ size: "2048", ...files })) {
      if (path.endsWith("/"))
        mkdirSync(join(this.root, folder, path), { recursive: true });
      else this.#put(`${folder}/${path}`, text);
    }
    const link = join(this.root, "dev/block", id);
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(join("../..", folder), link);
    this.#devices.set(name, { id, counts: {} });
    this.#happen();
  }

  remove(name: string): void {
    const { id } = this.#devices.get(name)!;
    rmSync(join(this.root, "dev/block", id));
    this.#devices.delete(name);
    this.#happen();
  }

  /** What a file of a device says from now on. */
  set(name: string, file: string, text: string): void {
    this.#put(`devices/block/${name}/${file}`, text);
  }

  count(name: string, counts: FakeCounts): void {
    const device = this.#devices.get(name)!;
    device.counts = { ...device.counts, ...counts };
    this.#write();
  }

  open(): DeviceReader {
    return new DeviceReader(
      new Diskstats(join(this.root, "diskstats")),
      new BlockDevices(this.root),
    );
  }

  #happen(): void {
    this.#put("kernel/uevent_seqnum", `${++this.#events}\n`);
    this.#write();
  }

  #write(): void {
    const lines = [...this.#devices].map(([name, { id, counts: c }]) => {
      const fields = [
        ...[c.reads, 0, c.readSectors, c.readMs],
        ...[c.writes, 0, c.writtenSectors, c.writeMs],
        ...[c.inFlight, c.busyMs, c.queueMs],
        ...[0, 0, 0, 0, c.flushes, 0],
      ].map((value) => value ?? 0);
      const [major, minor] = id.split(":");
      return ` ${major} ${minor} ${name} ${fields.join(" ")}\n`;
    });
    this.#put("diskstats", lines.join(""));
  }

  #put(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true });
  }
}
