/**
 * Sends datagrams to a Unix socket. Nothing is lost but what a server had in its queue when it ended: the kernel refuses
 * what has no room, and says when nobody listens.
 */
import { Retry, type DatagramSocket } from "../../src/model/index.ts";
import { MAX_PACKET_BYTES } from "./framing.ts";
import { packLines } from "./packets.ts";
import { reasonOf } from "./reasons.ts";
import type { Sender } from "./sender.ts";

/** A queue holds 10 datagrams by default (net.unix.max_dgram_qlen). How often it is asked for room, and how long. */
const PAUSE_MS = 5;
const PATIENCE_MS = 200;

/** What a system call failed with. */
interface Failure {
  readonly code?: string;
}

export class DatagramSender implements Sender {
  readonly #path: string;
  readonly #warn: (text: string) => void;
  readonly #connect: (path: string) => DatagramSocket;
  #socket: DatagramSocket | null = null;
  /** What is still to be sent of samples that count as sent. At most one sample's. */
  #left: Uint8Array[] = [];

  constructor(
    path: string,
    warn: (text: string) => void,
    connect: (path: string) => DatagramSocket,
  ) {
    this.#path = path;
    this.#warn = warn;
    this.#connect = connect;
  }

  async ready(): Promise<void> {
    let failure: unknown = null;
    try {
      this.#socket ??= this.#connect(this.#path);
      failure = await this.#flush();
    } catch (error) {
      failure = error;
    }
    if (failure !== null)
      throw new Retry(`${this.#path}: ${reasonOf(failure)}`, {
        cause: failure,
      });
  }

  async send(lines: readonly string[]): Promise<void> {
    const packets = packLines(lines, MAX_PACKET_BYTES);
    this.#left.push(...packets.map((packet) => Buffer.from(packet)));
    await this.#flush();
  }

  async end(): Promise<void> {
    if (this.#left.length > 0) await this.ready().catch(() => {});
    if (this.#left.length > 0)
      this.#warn(`${this.#path}: the last metrics were lost`);
    this.#close();
  }

  /** @returns why something is left, or null */
  async #flush(): Promise<unknown> {
    for (;;) {
      const packet = this.#left[0];
      if (packet === undefined) return null;
      const failure = await this.#sendPacket(packet);
      if (failure !== null) return failure;
      this.#left.shift();
    }
  }

  async #sendPacket(packet: Uint8Array): Promise<unknown> {
    let isSecondTry = false;
    for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
      try {
        this.#socket ??= this.#connect(this.#path);
        if (this.#socket.send(packet)) return null;
      } catch (error) {
        // Another server may have come to the same path.
        const isRefused = this.#socket !== null && !isSecondTry;
        this.#close();
        if (!isRefused) return error;
        isSecondTry = true;
        continue;
      }
      if (waitedMs >= PATIENCE_MS) return { code: "EAGAIN" } satisfies Failure;
      await Bun.sleep(PAUSE_MS);
    }
  }

  #close(): void {
    this.#socket?.[Symbol.dispose]();
    this.#socket = null;
  }
}
