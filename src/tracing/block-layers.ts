/**
 * Which device lies on which. A request for a mapping or an array passes the tracepoint once there, and again at each
 * disk below; the kernel counts it for the task at the top alone.
 */
import { BlockDevices } from "../kernel/block-devices.ts";
import { majorOf, minorOf } from "./records.ts";

interface Device {
  /** "dm-0"; "0:52" where nothing has a name for the number. */
  readonly name: string;
  /** Numbers of the devices right below, "254:0". */
  readonly liesOn: readonly string[];
}

export class BlockLayers {
  readonly #sys: BlockDevices;
  /** By number. */
  #devices = new Map<string, Device>();
  /** By file system, 0 for what is no file: devices that had requests for it. */
  readonly #used = new Map<number, Set<number>>();

  constructor(sys = new BlockDevices()) {
    this.#sys = sys;
  }

  /** Devices may be others than before. */
  refresh(): void {
    this.#devices = new Map();
  }

  nameOf(device: number): string {
    return this.#of(numberOf(device)).name;
  }

  noteUse(fileSystem: number, device: number): void {
    const used = this.#used.get(fileSystem) ?? new Set();
    this.#used.set(fileSystem, used.add(device));
  }

  /** Whether a request was counted already, at a device above this one. */
  isCountedAbove(fileSystem: number, device: number): boolean {
    // A file system lies on one device. Those that have several have a number that is of no device.
    const above =
      majorOf(fileSystem) === 0
        ? (this.#used.get(fileSystem) ?? [])
        : [fileSystem];
    for (const other of above)
      if (other !== device && this.#liesOn(numberOf(other), numberOf(device)))
        return true;
    return false;
  }

  #liesOn(upper: string, lower: string): boolean {
    return this.#of(upper).liesOn.some(
      (each) => each === lower || this.#liesOn(each, lower),
    );
  }

  #of(number: string): Device {
    const known = this.#devices.get(number);
    if (known !== undefined) return known;
    const device = {
      name: this.#sys.readName(number) ?? number,
      liesOn: this.#sys.readNumbersBelow(number),
    };
    this.#devices.set(number, device);
    return device;
  }
}

export const numberOf = (device: number): string =>
  `${majorOf(device)}:${minorOf(device)}`;
