/**
 * BTF: the kernel's own description of its data structures, which it shows in /sys/kernel/btf/vmlinux. Each kernel build
 * places the members of its structures elsewhere; here we ask the running one where they are. Pure: bytes in, offsets
 * out. The format is in Documentation/bpf/btf.rst.
 *
 * The bytes are a header, a list of types without an index, and the names. A type is three 32-bit words (name, info,
 * size or type) and what its kind adds to them. Types have no ids in the bytes: the first one is 1, the next 2, and so on.
 */

const MAGIC = 0xeb9f;
const HEADER_BYTES = 24;

/** The kinds that are looked at, include/uapi/linux/btf.h. */
const KIND = {
  pointer: 2,
  struct: 4,
  union: 5,
  enum: 6,
  typedef: 8,
  function: 13,
} as const;

/** Words that follow the three of a type: a fixed number, and some for each of its members. Index: the kind. */
const EXTRA_WORDS: readonly (readonly [fixed: number, each: number])[] = [
  [0, 0], // nothing
  [1, 0], // integer
  [0, 0], // pointer
  [3, 0], // array
  [0, 3], // struct
  [0, 3], // union
  [0, 2], // enum
  [0, 0], // forward declaration
  [0, 0], // typedef
  [0, 0], // volatile
  [0, 0], // const
  [0, 0], // restrict
  [0, 0], // function
  [0, 2], // function prototype
  [1, 0], // variable
  [0, 3], // data section
  [0, 0], // floating point number
  [1, 0], // declaration tag
  [0, 0], // type tag
  [0, 3], // enum of 64 bits
];

/** Kinds that only stand before another type: typedef, volatile, const, restrict, type tag. */
const WRAPPERS: ReadonlySet<number> = new Set([8, 9, 10, 11, 18]);
/** More wrappers, or structures inside one another, than any kernel has: a circle. */
const MOST_STEPS = 64;

/** The bytes are no BTF, or they lack a name that is asked for. */
export class BtfError extends Error {
  override readonly name = "BtfError";
}

/** Where a tracepoint's arguments are. */
export interface Tracepoint {
  /** Of its type: how the kernel is told which tracepoint a program is for. */
  readonly typeId: number;
  /** Of each argument, the name of the structure that it points to; null for numbers. */
  readonly argumentTypes: readonly (string | null)[];
}

export class Btf {
  readonly #words: Uint32Array;
  readonly #names: Uint8Array;
  /** By id of a type: where it begins, in words. */
  readonly #starts: Uint32Array;
  /** Ids of structures, enums and typedefs, by kind and place of the name. */
  readonly #named = new Map<string, number>();

  /** @throws BtfError */
  constructor(bytes: Uint8Array) {
    const { types, names } = sections(bytes);
    this.#words = types;
    this.#names = names;
    const starts = [0];
    for (let at = 0; at < types.length; at += 3 + this.#extraWords(at)) {
      const kind = this.#kind(at);
      if (kind === KIND.struct || kind === KIND.enum || kind === KIND.typedef)
        this.#named.set(`${kind} ${this.#word(at)}`, starts.length);
      starts.push(at);
    }
    this.#starts = Uint32Array.from(starts);
  }

  /**
   * How far from the beginning of a structure a member is, in bytes. Members of structures inside it are reached with
   * dots ("bi_iter.bi_size"), those of nameless ones directly.
   *
   * @param paths the first that there is: kernels have moved members
   * @throws BtfError if there is none
   */
  offsetOf(struct: string, ...paths: readonly string[]): number {
    const offset = this.findOffset(struct, ...paths);
    if (offset === null) throw new BtfError(`${struct}.${paths[0]}`);
    return offset;
  }

  /** As `offsetOf`; null if there is none. @throws BtfError if there is no such structure */
  findOffset(struct: string, ...paths: readonly string[]): number | null {
    const id = this.#find(KIND.struct, struct);
    if (id === null) throw new BtfError(struct);
    for (const path of paths) {
      const bits = this.#offsetBits(id, path.split("."));
      if (bits !== null) return bits / 8;
    }
    return null;
  }

  /** @throws BtfError if there is no such constant */
  constant(enumName: string, name: string): number {
    const id = this.#find(KIND.enum, enumName);
    const at = id === null ? 0 : this.#start(id);
    for (let i = 0; id !== null && i < this.#memberCount(at); i++) {
      const entry = at + 3 + 2 * i;
      if (this.#nameAt(this.#word(entry)) === name)
        return this.#word(entry + 1);
    }
    throw new BtfError(`${enumName}.${name}`);
  }

  /**
   * The kernel declares each tracepoint X as a type: `typedef void (*btf_trace_X)(void *, first argument, ...)`. Null if
   * there is no such tracepoint.
   */
  tracepoint(name: string): Tracepoint | null {
    const typeId = this.#find(KIND.typedef, `btf_trace_${name}`);
    if (typeId === null) return null;
    const pointer = this.#unwrap(typeId);
    const prototype = this.#start(this.#word(pointer + 2));
    if (this.#kind(prototype) !== KIND.function) return null;
    const argumentTypes: (string | null)[] = [];
    for (let i = 1; i < this.#memberCount(prototype); i++)
      argumentTypes.push(
        this.#pointedTo(this.#word(prototype + 3 + 2 * i + 1)),
      );
    return { typeId, argumentTypes };
  }

  /** The name of the structure that a pointer points to; null if it is none. */
  #pointedTo(id: number): string | null {
    if (id === 0) return null;
    const at = this.#unwrap(id);
    if (this.#kind(at) !== KIND.pointer || this.#word(at + 2) === 0)
      return null;
    const target = this.#unwrap(this.#word(at + 2));
    return this.#kind(target) === KIND.struct
      ? this.#nameAt(this.#word(target))
      : null;
  }

  /** @param path names from the outside to the inside. @returns null if there is no such member */
  #offsetBits(id: number, path: readonly string[], depth = 0): number | null {
    if (depth > MOST_STEPS) throw new BtfError("structures in a circle");
    const at = this.#unwrap(id);
    const kind = this.#kind(at);
    if (kind !== KIND.struct && kind !== KIND.union) return null;
    // In such a structure the upper 8 bits say how many bits wide the member is.
    const mask = this.#word(at + 1) >>> 31 === 1 ? 0xffffff : 0xffffffff;
    for (let i = 0; i < this.#memberCount(at); i++) {
      const member = at + 3 + 3 * i;
      const nameAt = this.#word(member);
      const bits = (this.#word(member + 2) & mask) >>> 0;
      const isNameless = nameAt === 0;
      if (!isNameless && this.#nameAt(nameAt) !== path[0]) continue;
      const rest = isNameless ? path : path.slice(1);
      if (rest.length === 0) return bits;
      const inside = this.#offsetBits(this.#word(member + 1), rest, depth + 1);
      if (inside !== null) return bits + inside;
    }
    return null;
  }

  /** Where the type itself begins, after typedefs, const and the like. */
  #unwrap(id: number): number {
    let at = this.#start(id);
    for (let step = 0; WRAPPERS.has(this.#kind(at)); step++) {
      if (step > MOST_STEPS) throw new BtfError("types in a circle");
      at = this.#start(this.#word(at + 2));
    }
    return at;
  }

  #find(kind: number, name: string): number | null {
    const place = this.#placeOf(name);
    return place === null
      ? null
      : (this.#named.get(`${kind} ${place}`) ?? null);
  }

  /** Where among the names one is: each is there once, between two zero bytes. */
  #placeOf(name: string): number | null {
    const { buffer, byteOffset, length } = this.#names;
    const names = Buffer.from(buffer, byteOffset, length);
    const before = names.indexOf(`\0${name}\0`, 0, "latin1");
    return before < 0 ? null : before + 1;
  }

  #nameAt(place: number): string {
    const end = this.#names.indexOf(0, place);
    if (end < 0) throw new BtfError("a name without an end");
    return String.fromCharCode(...this.#names.subarray(place, end));
  }

  #extraWords(at: number): number {
    const extra = EXTRA_WORDS[this.#kind(at)];
    if (extra === undefined)
      throw new BtfError(`types of kind ${this.#kind(at)}`);
    return extra[0] + extra[1] * this.#memberCount(at);
  }

  #kind(at: number): number {
    return (this.#word(at + 1) >>> 24) & 0x1f;
  }

  #memberCount(at: number): number {
    return this.#word(at + 1) & 0xffff;
  }

  #start(id: number): number {
    const at = id === 0 ? undefined : this.#starts[id];
    if (at === undefined) throw new BtfError(`type ${id}`);
    return at;
  }

  #word(at: number): number {
    const word = this.#words[at];
    if (word === undefined) throw new BtfError("types that end early");
    return word;
  }
}

/** The parts of the file. Offsets in the header count from its end. */
function sections(bytes: Uint8Array): {
  readonly types: Uint32Array;
  readonly names: Uint8Array;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < HEADER_BYTES || view.getUint16(0, true) !== MAGIC)
    throw new BtfError("the header of BTF");
  const headerBytes = view.getUint32(4, true);
  const section = (at: number): Uint8Array => {
    const begin = headerBytes + view.getUint32(at, true);
    const end = begin + view.getUint32(at + 4, true);
    if (end > bytes.length) throw new BtfError("all of its sections");
    // A copy, because words must begin at a multiple of four. (The slice of a Buffer would be none.)
    return new Uint8Array(bytes.subarray(begin, end));
  };
  const types = section(8);
  return {
    types: new Uint32Array(types.buffer, 0, types.length >> 2),
    names: section(16),
  };
}
