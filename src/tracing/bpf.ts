/**
 * The system call bpf(2): making maps, loading programs, attaching them. Everything that it makes is a file descriptor,
 * and is gone from the kernel once that is closed, or once we are dead, however that came about.
 *
 * The call takes a command and a struct whose fields depend on it (union bpf_attr in include/uapi/linux/bpf.h). Here it
 * is the same 144 zeroed bytes each time; kernels accept a longer struct than theirs if the rest is zero.
 */
import { ENOENT, SysError } from "../kernel/errors.ts";
import { libc, MACHINE } from "../kernel/libc.ts";

const COMMAND = {
  createMap: 0,
  lookUp: 1,
  update: 2,
  loadProgram: 5,
  attach: 17,
  lookUpAndDelete: 21,
  lookUpBatch: 24,
} as const;

const ATTRIBUTE_BYTES = 144;
/** enum bpf_prog_type: BPF_PROG_TYPE_TRACING; enum bpf_attach_type: BPF_TRACE_RAW_TP. */
const TRACING_PROGRAM = 26;
const ON_TRACEPOINT = 23;
/** The kernel refuses longer names. */
const NAME_BYTES = 15;
/** "GPL": the helpers that read kernel memory ask for it, and iotop is under the GPL, version 2 or later. */
const LICENSE = new Uint8Array(new ArrayBuffer(4));
LICENSE.set([0x47, 0x50, 0x4c, 0]);
const LOG_BYTES = 256 * 1024;

/** enum bpf_map_type */
const MAP_TYPE = { hash: 1, array: 2, recentHash: 9 } as const;

export interface MapShape {
  readonly type: keyof typeof MAP_TYPE;
  readonly keyBytes: number;
  readonly valueBytes: number;
  readonly entries: number;
}

/** A program was refused. */
export class LoadError extends SysError {
  /** What the verifier said of it: for people who write such programs. */
  readonly log: string;

  constructor(name: string, errno: number, log: string) {
    super(`BPF program ${name}`, errno);
    this.log = log;
  }
}

/** No more entries; or a lock was not to be had in time, and the rest is for the next look: EBUSY, EDEADLK, ETIMEDOUT. */
const ENDS: ReadonlySet<number> = new Set([ENOENT, 16, 35, 110]);

/** One call at a time: the struct, and what it points to, stay here until the call is over. */
class Attributes {
  readonly #bytes = new Uint8Array(new ArrayBuffer(ATTRIBUTE_BYTES));
  readonly #view = new DataView(this.#bytes.buffer);
  /** Arrays whose address the kernel knows must be reachable, or they may be collected. */
  #held: Uint8Array[] = [];

  reset(): this {
    this.#bytes.fill(0);
    this.#held = [];
    return this;
  }

  u32(at: number, value: number): this {
    this.#view.setUint32(at, value, true);
    return this;
  }

  pointer(at: number, to: Uint8Array): this {
    this.#held.push(to);
    this.#view.setBigUint64(at, BigInt(libc().addressOf(to)), true);
    return this;
  }

  text(at: number, text: string): this {
    this.#bytes.set(new TextEncoder().encode(text.slice(0, NAME_BYTES)), at);
    return this;
  }

  read(at: number): number {
    return this.#view.getUint32(at, true);
  }

  /** @returns what the command returns, or minus errno */
  call(command: keyof typeof COMMAND): number {
    const { call, errno } = libc();
    const number = COMMAND[command];
    const result = Number(
      call.syscall(MACHINE.bpf, number, this.#bytes, ATTRIBUTE_BYTES, 0),
    );
    return result < 0 ? -errno() : result;
  }
}

const attributes = new Attributes();

/** A file descriptor of something in the kernel; closing it takes that away. */
export class Handle implements Disposable {
  readonly fd: number;

  constructor(fd: number) {
    this.fd = fd;
  }

  [Symbol.dispose](): void {
    libc().call.close(this.fd);
  }
}

/**
 * A table in the kernel that both programs and we read and write. "recentHash" forgets its oldest entries when it is
 * full; "hash" then refuses new ones.
 */
export class BpfMap extends Handle {
  readonly shape: MapShape;

  /** @throws SysError */
  constructor(name: string, shape: MapShape) {
    const fd = attributes
      .reset()
      .u32(0, MAP_TYPE[shape.type])
      .u32(4, shape.keyBytes)
      .u32(8, shape.valueBytes)
      .u32(12, shape.entries)
      .text(28, name)
      .call("createMap");
    if (fd < 0) throw new SysError(`BPF map ${name}`, -fd);
    super(fd);
    this.shape = shape;
  }

  /** Reads a value into `value`. @returns whether there is one */
  lookUp(key: Uint8Array, value: Uint8Array): boolean {
    return this.#onEntry(key).pointer(16, value).call("lookUp") === 0;
  }

  /**
   * Removes an entry, and reads its last value into `value`.
   *
   * @returns what is the case now; the kernel may be too busy for that
   */
  take(key: Uint8Array, value: Uint8Array): "taken" | "was gone" | "stays" {
    const result = this.#onEntry(key)
      .pointer(16, value)
      .call("lookUpAndDelete");
    if (result === 0) return "taken";
    return result === -ENOENT ? "was gone" : "stays";
  }

  #onEntry(key: Uint8Array): Attributes {
    return attributes.reset().u32(0, this.fd).pointer(8, key);
  }

  /**
   * Reads the entries that come after those of the call before, as many as there is room for.
   *
   * @param cursor 4 bytes in which the kernel says where it stopped
   * @returns how many were read, and whether there are more
   * @throws SysError
   */
  lookUpBatch(
    cursor: Uint8Array,
    isFirst: boolean,
    keys: Uint8Array,
    values: Uint8Array,
  ): { readonly count: number; readonly hasMore: boolean } {
    attributes.reset();
    if (!isFirst) attributes.pointer(0, cursor);
    const result = attributes
      .pointer(8, cursor)
      .pointer(16, keys)
      .pointer(24, values)
      .u32(32, Math.floor(keys.length / this.shape.keyBytes))
      .u32(36, this.fd)
      .call("lookUpBatch");
    if (result < 0 && !ENDS.has(-result))
      throw new SysError("BPF map", -result);
    return { count: attributes.read(32), hasMore: result === 0 };
  }
}

/**
 * Has the kernel check and compile a program for a tracepoint. Only if it is refused it is loaded once more, with a log
 * that says why, because the log costs.
 *
 * @param typeId of the tracepoint
 * @throws LoadError
 */
export function loadProgram(
  name: string,
  code: Uint8Array,
  typeId: number,
): Handle {
  const fd = load(name, code, typeId, null);
  if (fd >= 0) return new Handle(fd);
  const log = new Uint8Array(new ArrayBuffer(LOG_BYTES));
  const again = load(name, code, typeId, log);
  if (again >= 0) return new Handle(again);
  const end = Math.max(0, log.indexOf(0));
  throw new LoadError(
    name,
    -fd,
    new TextDecoder().decode(log.subarray(0, end)),
  );
}

function load(
  name: string,
  code: Uint8Array,
  typeId: number,
  log: Uint8Array | null,
): number {
  attributes
    .reset()
    .u32(0, TRACING_PROGRAM)
    .u32(4, code.length / 8)
    .pointer(8, code)
    .pointer(16, LICENSE)
    .text(48, name)
    .u32(68, ON_TRACEPOINT)
    .u32(108, typeId);
  if (log !== null) attributes.u32(24, 1).u32(28, log.length).pointer(32, log);
  return attributes.call("loadProgram");
}

/** From now on the program runs at its tracepoint, until what this returns is closed. @throws SysError */
export function attachProgram({ fd }: Handle): Handle {
  const link = attributes.reset().u32(8, fd).call("attach");
  if (link < 0) throw new SysError("attaching a BPF program", -link);
  return new Handle(link);
}
