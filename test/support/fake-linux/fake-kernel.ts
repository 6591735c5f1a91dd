/** Generic netlink and taskstats of a fake Linux, in bytes: requests are parsed, answers and exit messages written. */
import type { FakeExit, FakeLinux } from "./fake-linux.ts";
import {
  NO_COUNTERS,
  type FakeProcess,
  type FakeTask,
} from "./fake-linux-tasks.ts";
import {
  AGGREGATE_OF_PROCESS,
  AGGREGATE_OF_TASK,
  aggregate,
  attribute,
  netlink,
  word,
} from "./fake-messages.ts";
import { FakeSocket, type FakeSocketOptions } from "./fake-socket.ts";
import { encodeTaskstats } from "./fake-taskstats.ts";

const ENOENT = 2;
const EPERM = 1;
const ESRCH = 3;
const EINVAL = 22;
const ERANGE = 34;
const EOPNOTSUPP = 95;
const CONTROLLER = 16;
const TASKSTATS = 31;
const NLMSG_ERROR = 2;
const FLAG_ACK = 4;
/** Generic netlink header: command TASKSTATS_CMD_NEW, version 1. */
const NEW_TASKSTATS = word(2 | (1 << 8));

export interface FakeKernelOptions {
  /** Of struct taskstats. */
  readonly version?: number;
  /** Without the family, as in some containers. */
  readonly hasTaskstats?: boolean;
  /** False: without CAP_NET_ADMIN. */
  readonly isAllowed?: boolean;
  /** False: in another pid namespace, where nobody may listen. */
  readonly isInitialNamespace?: boolean;
  /** CPUs that can ever be there: two, unless a test says more. */
  readonly possibleCpus?: readonly number[];
  /** Numbers for which a set of CPUs has room; as many as the possible ones need, unless a test says more. */
  readonly roomForCpus?: number;
  /** False: without CONFIG_TASK_DELAY_ACCT, so that nobody seems ever to have run. */
  readonly countsDelays?: boolean;
}

export class FakeKernel {
  readonly linux: FakeLinux;
  readonly #options: FakeKernelOptions;
  /** The CPUs for which each is registered. */
  readonly #listeners = new Map<FakeSocket, Set<number>>();
  #ports = 1;
  /** The CPU on which tasks end. */
  cpu = 0;
  /** Exit messages that found no room. */
  dropped = 0;
  /** Requests that were answered, for tests of cost. */
  requests = { task: 0, process: 0 };

  constructor(linux: FakeLinux, options: FakeKernelOptions = {}) {
    this.linux = linux;
    this.#options = options;
    linux.onExit = (exit) => this.#announce(exit);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  openSocket(options: FakeSocketOptions = {}): FakeSocket {
    return new FakeSocket(this, this.#ports++, options);
  }

  /** One request of one `send`. */
  handle(socket: FakeSocket, message: DataView): void {
    const type = message.getUint16(4, true);
    const flags = message.getUint16(6, true);
    const error =
      type === CONTROLLER
        ? this.#findFamily(socket, message)
        : type === TASKSTATS && this.#options.hasTaskstats !== false
          ? this.#serve(socket, message)
          : ENOENT;
    if (error === 0 && (flags & FLAG_ACK) === 0) return;
    const echoed = new Uint8Array(message.buffer, message.byteOffset, 16);
    socket.deliver(
      netlink(NLMSG_ERROR, sequenceOf(message), [word(-error), echoed]),
    );
  }

  forget(socket: FakeSocket): void {
    this.#listeners.delete(socket);
  }

  #findFamily(socket: FakeSocket, message: DataView): number {
    const { type, value } = attributeOf(message);
    const name = new TextDecoder().decode(value.subarray(0, -1));
    const isKnown = this.#options.hasTaskstats !== false;
    if (type !== 2 || name !== "TASKSTATS" || !isKnown) return ENOENT;
    socket.deliver(
      netlink(CONTROLLER, sequenceOf(message), [
        word(1 | (2 << 8)),
        attribute(2, value),
        attribute(1, new Uint8Array([TASKSTATS, 0])),
        attribute(3, word(1)),
      ]),
    );
    return 0;
  }

  #serve(socket: FakeSocket, message: DataView): number {
    if (message.getUint8(16) !== 1) return EOPNOTSUPP;
    if (this.#options.isAllowed === false) return EPERM;
    const { type, value } = attributeOf(message);
    if (type === 3 || type === 4) return this.#listen(socket, type, value);
    const id = new DataView(value.buffer, value.byteOffset).getUint32(0, true);
    this.linux.look(type === 1 ? `answer ${id}` : `answer process ${id}`);
    const task = this.linux.tasks.get(id);
    if (task === undefined) return ESRCH;
    const answers = type === 1 ? this.#ofTask(task) : this.#ofProcess(task);
    this.requests[type === 1 ? "task" : "process"]++;
    const isTold = socket.deliver(
      netlink(TASKSTATS, sequenceOf(message), [NEW_TASKSTATS, answers]),
    );
    if (isTold && type === 1) this.linux.tell(task);
    return 0;
  }

  #listen(socket: FakeSocket, type: number, value: Uint8Array): number {
    const cpus = new TextDecoder().decode(value.subarray(0, -1));
    if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(cpus)) return EINVAL;
    const possible = this.#options.possibleCpus ?? [0, 1];
    const room = this.#options.roomForCpus ?? Math.max(...possible) + 1;
    const wanted = numbersOf(cpus);
    if (wanted.some((cpu) => cpu >= room)) return ERANGE;
    if (wanted.some((cpu) => !possible.includes(cpu))) return EINVAL;
    if (this.#options.isInitialNamespace === false) return EINVAL;
    const registered = this.#listeners.get(socket) ?? new Set();
    for (const cpu of wanted)
      if (type === 3) registered.add(cpu);
      else registered.delete(cpu);
    if (registered.size > 0) this.#listeners.set(socket, registered);
    else this.#listeners.delete(socket);
    return 0;
  }

  #announce({ task, isLastOfProcess, hadThreads }: FakeExit): () => void {
    const parts = [NEW_TASKSTATS, this.#ofTask(task, { isLastOfProcess })];
    if (isLastOfProcess && hadThreads) parts.push(this.#ofProcess(task));
    const message = netlink(TASKSTATS, this.linux.everyTask.size, parts);
    const { cpu } = this;
    return () => {
      for (const [socket, cpus] of this.#listeners) {
        if (!cpus.has(cpu) || !socket.isInitialNetwork) continue;
        if (socket.deliver(message)) this.linux.tell(task);
        else this.dropped++;
      }
    };
  }

  #ofTask(
    task: FakeTask,
    exit?: { readonly isLastOfProcess: boolean },
  ): Uint8Array {
    const { linux } = this;
    const { process } = task;
    linux.nowNs += 300;
    const { countsDelays = true } = this.#options;
    const hasMemory = !task.isKernelThread && task.hasMemory;
    return aggregate(
      AGGREGATE_OF_TASK,
      task.tid,
      encodeTaskstats(this.#options.version ?? 16, {
        tid: task.tid,
        tgid: process.pid,
        ppid: process.ppid,
        uid: process.uid,
        comm: task.comm,
        exitCode: task.isMain ? task.exitCode : 0,
        elapsedUs: Math.floor((linux.nowNs - task.startNs) / 1000),
        processElapsedUs: processAgeUs(linux, process),
        cpuCount: countsDelays ? task.cpuCount : 0,
        cpuRunNs: countsDelays ? task.cpuRunNs : 0,
        peakVirtualKiB: hasMemory ? 4096 : 0,
        isLastOfProcess: exit?.isLastOfProcess ?? false,
        shown: task.shown,
      }),
    );
  }

  #ofProcess(task: FakeTask): Uint8Array {
    const { linux } = this;
    const { process } = task;
    return aggregate(
      AGGREGATE_OF_PROCESS,
      process.pid,
      encodeTaskstats(this.#options.version ?? 16, {
        tid: 0,
        tgid: 0,
        ppid: 0,
        uid: 0,
        comm: "",
        exitCode: 0,
        elapsedUs: processAgeUs(linux, process),
        processElapsedUs: 0,
        ...linux.fingerprintOf(process),
        peakVirtualKiB: 0,
        isLastOfProcess: false,
        shown: NO_COUNTERS,
      }),
    );
  }
}

/** "0-2,5" */
const numbersOf = (set: string): number[] =>
  set.split(",").flatMap((part) => {
    const [first = NaN, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });

const sequenceOf = (message: DataView): number => message.getUint32(8, true);

/** The first attribute behind the generic netlink header. */
function attributeOf(message: DataView): { type: number; value: Uint8Array } {
  const length = message.getUint16(20, true);
  const start = message.byteOffset + 24;
  return {
    type: message.getUint16(22, true),
    value: new Uint8Array(message.buffer, start, length - 4),
  };
}

function processAgeUs({ nowNs }: FakeLinux, { main }: FakeProcess): number {
  return Math.floor((nowNs - main.startNs) / 1000);
}
