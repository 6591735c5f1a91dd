/** Sends lines by TCP or a Unix stream. In an outage nothing is lost but what the server had taken and not read. */
import { setImmediate } from "node:timers/promises";
import { Retry } from "../../src/model/index.ts";
import { resolveBySystem, type Resolve } from "./address-watch.ts";
import { framePackets, restOf, type Framing } from "./framing.ts";
import { reasonOf } from "./reasons.ts";
import type { Sender } from "./sender.ts";
import { formatPlace, type StreamPlace } from "./target.ts";

/** How long a server may take to accept a connection. */
const PATIENCE_MS = 5000;

interface Connection {
  readonly socket: Bun.Socket<undefined>;
  isOpen: boolean;
  /** The socket takes bytes again, or has closed. */
  onChange: () => void;
}

export interface StreamOptions {
  readonly framing: Framing;
  readonly resolve?: Resolve;
}

export class StreamSender implements Sender {
  readonly #place: StreamPlace;
  readonly #framing: Framing;
  readonly #resolve: Resolve;
  readonly #warn: (text: string) => void;
  #connection: Connection | null = null;
  /** What is still to be sent of samples that count as sent. At most one sample's. */
  #left: Buffer[] = [];

  constructor(
    place: StreamPlace,
    warn: (text: string) => void,
    { framing, resolve = resolveBySystem }: StreamOptions,
  ) {
    this.#place = place;
    this.#warn = warn;
    this.#framing = framing;
    this.#resolve = resolve;
  }

  async ready(): Promise<void> {
    // That the server has closed the connection may be waiting to be heard of.
    for (let turn = 0; turn < 2; turn++) await setImmediate();
    if (this.#connection?.isOpen !== true) await this.#connect();
    await this.#flush();
    if (this.#left.length > 0)
      throw this.#retry(new Error("the connection was closed"));
  }

  async send(lines: readonly string[]): Promise<void> {
    this.#left.push(...framePackets(lines, this.#framing));
    await this.#flush();
  }

  async end(): Promise<void> {
    if (this.#left.length > 0) await this.ready().catch(() => {});
    if (this.#left.length > 0)
      this.#warn(`${formatPlace(this.#place)}: the last metrics were lost`);
    this.#connection?.socket.end();
    this.#connection = null;
  }

  async #flush(): Promise<void> {
    while (this.#left.length > 0) {
      const packet = this.#left[0]!;
      const sentBytes = await this.#sendPacket(packet);
      if (sentBytes < packet.length) {
        this.#left[0] = restOf(packet, sentBytes, this.#framing);
        return;
      }
      this.#left.shift();
    }
  }

  /** @returns how many bytes were taken before the connection was closed */
  async #sendPacket(packet: Buffer): Promise<number> {
    let sentBytes = 0;
    while (this.#connection?.isOpen === true) {
      const connection = this.#connection;
      const taken = connection.socket.write(packet.subarray(sentBytes));
      if (taken > 0) sentBytes += taken;
      if (sentBytes === packet.length) break;
      if (taken < 0) connection.isOpen = false;
      else
        await new Promise<void>((resolve) => {
          connection.onChange = resolve;
        });
    }
    return sentBytes;
  }

  async #connect(): Promise<void> {
    this.#connection = null;
    const timer = Promise.withResolvers<never>();
    const late = setTimeout(
      () => timer.reject({ code: "ETIMEDOUT" }),
      PATIENCE_MS,
    );
    const opening = this.#open();
    try {
      this.#connection = await Promise.race([opening, timer.promise]);
    } catch (error) {
      void opening.then(
        ({ socket }) => socket.terminate(),
        () => {},
      );
      throw this.#retry(error);
    } finally {
      clearTimeout(late);
    }
  }

  async #open(): Promise<Connection> {
    const place = this.#place;
    const target =
      place.transport === "unix"
        ? { unix: place.path }
        : {
            hostname: (await this.#resolve(place.host)).address,
            port: place.port,
          };
    let connection: Connection | null = null;
    const close = (): void => {
      if (connection === null) return;
      connection.isOpen = false;
      connection.onChange();
    };
    const socket = await Bun.connect<undefined>({
      ...target,
      socket: {
        data: () => {},
        drain: () => connection?.onChange(),
        end: close,
        close,
        error: close,
      },
    } as Bun.TCPSocketConnectOptions<undefined>);
    connection = { socket, isOpen: true, onChange: () => {} };
    return connection;
  }

  #retry(error: unknown): Retry {
    return new Retry(`${formatPlace(this.#place)}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}
