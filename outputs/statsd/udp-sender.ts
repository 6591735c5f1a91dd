/** Sends datagrams to one UDP peer, at a rate that its receive buffer can take. */
import { setTimeout } from "node:timers/promises";
import { resolveBySystem, watchAddress } from "./address-watch.ts";
import type { Address, Resolve, Sleep } from "./address-watch.ts";
import { Outage } from "./outage.ts";
import { packLines } from "./packets.ts";
import { reasonOf } from "./reasons.ts";
import type { Sender } from "./sender.ts";
import { formatAddress } from "../addresses.ts";
import type { Target } from "./target.ts";

/** A default receive buffer of Linux holds about 92 of our datagrams; it drops the rest silently. */
const BURST_DATAGRAMS = 32;
/** In a replay one sample follows the other: more is more than a server can parse beside it. */
export const REPLAY_BURST_DATAGRAMS = 8;
const PAUSE_MS = 10;
/** How long a first sample waits for the name of the server to be resolved. */
const PATIENCE_MS = 1000;

export interface SenderOptions {
  /** Datagrams between two pauses of 10 ms. */
  readonly burstDatagrams?: number;
  readonly resolve?: Resolve;
  /** Waits between look-ups of the address, and until it is known. */
  readonly sleep?: Sleep;
}

/** Time between two look-ups of a known address, and between two tries until it is known. */
const RENEW_MS = 30_000;
const RETRY_MS = 5000;

const sleepBySystem: Sleep = (ms, signal) =>
  setTimeout(ms, undefined, { signal }).catch(() => {});

type Socket = Bun.udp.ConnectedSocket<"buffer">;

/** How many datagrams may follow a sample: whole bursts, with pauses that take at most half of its interval. */
function datagramBudget(intervalNs: number, burstDatagrams: number): number {
  const pauses = Math.floor(intervalNs / 2 / (PAUSE_MS * 1e6));
  return burstDatagrams * Math.max(1, pauses);
}

export class UdpSender implements Sender, Disposable {
  readonly #target: Target;
  readonly #warn: (text: string) => void;
  readonly #outage: Outage;
  readonly #sleep: Sleep;
  readonly #burstDatagrams: number;
  readonly #end = new AbortController();
  /** Resolves after the first try to reach the server, whether it succeeded or not. */
  readonly #firstTry = Promise.withResolvers<void>();
  #socket: Socket | null = null;
  /** Datagrams since the last pause. Counted across samples, because a replay sends one right after the other. */
  #burst = 0;
  /** Datagrams since the last call of `send` began. */
  #sent = 0;
  #failed = false;
  #warnedOfBudget = false;

  /** Starts to resolve the name; sends nothing. */
  constructor(
    target: Target,
    warn: (text: string) => void,
    options: SenderOptions = {},
  ) {
    this.#target = target;
    this.#warn = warn;
    this.#outage = new Outage(formatAddress(target));
    this.#sleep = options.sleep ?? sleepBySystem;
    this.#burstDatagrams = options.burstDatagrams ?? BURST_DATAGRAMS;
    const watch = {
      host: target.host,
      resolve: options.resolve ?? resolveBySystem,
      sleep: this.#sleep,
      renewMs: RENEW_MS,
      retryMs: RETRY_MS,
      use: (address: Address) => this.#connect(address),
      fail: (error: unknown) => {
        this.#fail(error);
        this.#firstTry.resolve();
      },
    };
    void watchAddress(watch, this.#end.signal);
  }

  /** Nobody knows of a datagram whether it arrives. */
  async ready(): Promise<void> {}

  /** Resolves when all are sent or lost. An unreachable server is reported, not thrown. */
  async send(lines: readonly string[], intervalNs: number): Promise<void> {
    const datagrams = packLines(lines);
    this.#review(intervalNs);
    if (this.#socket === null) await this.#reach(intervalNs);
    const budget = datagramBudget(intervalNs, this.#burstDatagrams);
    let done = 0;
    for (const datagram of datagrams.slice(0, budget)) {
      if (this.#burst === this.#burstDatagrams) {
        await Bun.sleep(PAUSE_MS);
        this.#burst = 0;
      }
      if (this.#failed || !this.#sendOne(datagram)) break;
      this.#burst++;
      done++;
    }
    this.#sent = done;
    if (datagrams.length > budget) this.#warnOfBudget(datagrams.length, budget);
    if (done < datagrams.length) this.#outage.lose(datagrams.length - done);
  }

  /** Waits a moment for a last refusal, so that even a run of one sample reports it, and reports what was lost. */
  async end(): Promise<void> {
    if (this.#sent > 0) await Bun.sleep(PAUSE_MS);
    this.#tell(this.#outage.end());
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#end.abort();
    this.#firstTry.resolve();
    this.#socket?.close();
    this.#socket = null;
  }

  /** A refusal arrives after the send that caused it, so a sample is judged when the next one comes. */
  #review(intervalNs: number): void {
    if (this.#sent > 0 && !this.#failed)
      this.#tell(this.#outage.calm(intervalNs));
    this.#sent = 0;
    this.#failed = false;
  }

  async #reach(intervalNs: number): Promise<void> {
    const patienceMs = Math.min(PATIENCE_MS, intervalNs / 2e6);
    await Promise.race([
      this.#firstTry.promise,
      this.#sleep(patienceMs, this.#end.signal),
    ]);
  }

  #sendOne(datagram: string): boolean {
    if (this.#socket === null) return false;
    try {
      if (this.#socket.send(datagram)) return true;
      this.#fail({ code: "EAGAIN" });
    } catch (error) {
      // This is the refusal of an earlier datagram; this one was not sent.
      this.#fail(error);
    }
    return false;
  }

  async #connect({ address, family }: Address): Promise<void> {
    const { port } = this.#target;
    let socket: Socket | null = null;
    socket = await Bun.udpSocket({
      // The default, 0.0.0.0, cannot connect to an IPv6 address.
      hostname: family === 6 ? "::" : "0.0.0.0",
      connect: { hostname: address, port },
      socket: {
        // Without this handler a refusal would end the process. The runtime passes only the error, despite its types.
        error: (first: unknown, second?: unknown) => {
          if (socket !== this.#socket) return;
          this.#outage.lose(1);
          this.#fail(second ?? first);
        },
      },
    });
    socket.unref();
    if (this.#end.signal.aborted) return socket.close();
    this.#socket?.close();
    this.#socket = socket;
    this.#firstTry.resolve();
  }

  #fail(error: unknown): void {
    this.#failed = true;
    this.#tell(this.#outage.fail(reasonOf(error)));
  }

  #warnOfBudget(wanted: number, budget: number): void {
    if (this.#warnedOfBudget) return;
    this.#warnedOfBudget = true;
    this.#warn(
      `${wanted} datagrams per sample are too many for this interval, ${wanted - budget} are dropped: use fewer groups or a longer interval`,
    );
  }

  #tell(line: string | null): void {
    if (line !== null) this.#warn(line);
  }
}
