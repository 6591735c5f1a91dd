/** One client: takes its requests one after the other, each within a time, and answers them. */
import { parseRequestHead, type RequestHead } from "./request-head.ts";

export interface Reply {
  readonly status: 200 | 400 | 401 | 404 | 405 | 408 | 431 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

export type Respond = (head: RequestHead) => Reply | Promise<Reply>;

export interface Limits {
  /** Clients at a time. */
  readonly connections: number;
  /** For a request, from its first byte until its reply is taken, ms. */
  readonly requestMs: number;
  /** Between two requests, ms. */
  readonly idleMs: number;
  /** Of a request, bytes. */
  readonly headBytes: number;
}

/** What a connection needs of its socket. */
export interface ByteSocket {
  /** @returns how many bytes were taken; -1 if it is closed */
  write(bytes: Uint8Array): number;
  end(): void;
  terminate(): void;
}

const REASONS: Readonly<Record<Reply["status"], string>> = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
  503: "Service Unavailable",
};

/** How long a client has to close its side, ms. */
const END_MS = 1_000;

/** A reply of one line of text. */
export const plainReply = (
  status: Reply["status"],
  text: string,
  headers: Reply["headers"] = {},
): Reply => ({
  status,
  headers: { "Content-Type": "text/plain; charset=utf-8", ...headers },
  body: `${text}\n`,
});

export class Connection {
  readonly #socket: ByteSocket;
  readonly #respond: Respond;
  readonly #limits: Limits;
  #input = Buffer.alloc(0);
  #output: Uint8Array = new Uint8Array();
  #state: "reading" | "replying" | "idle" | "ended" = "reading";
  #isLast = false;
  #timer: Timer | undefined;

  constructor(socket: ByteSocket, respond: Respond, limits: Limits) {
    this.#socket = socket;
    this.#respond = respond;
    this.#limits = limits;
    this.#limit(limits.requestMs);
  }

  /** Nothing is under way: it may be closed without a loss. */
  get isIdle(): boolean {
    return this.#state === "idle";
  }

  take(bytes: Uint8Array): void {
    if (this.#state === "ended") return;
    this.#input = Buffer.concat([this.#input, bytes]);
    if (this.#state === "replying") {
      // Who asks on without waiting for replies is cut off: the input is bounded too.
      if (this.#input.length > 2 * this.#limits.headBytes) this.close();
      return;
    }
    if (this.#state === "idle") this.#limit(this.#limits.requestMs);
    this.#state = "reading";
    this.#read();
  }

  /** The socket has room again. */
  drain(): void {
    if (this.#state !== "replying" || this.#output.length === 0) return;
    const taken = this.#socket.write(this.#output);
    if (taken < 0) return this.close();
    this.#output = this.#output.subarray(taken);
    if (this.#output.length === 0) this.#replied();
  }

  /** Answers without a request, and ends. */
  refuse(reply: Reply): void {
    this.#isLast = true;
    this.#send(reply, true);
  }

  close(): void {
    this.closed();
    this.#socket.terminate();
  }

  /** The socket is closed. */
  closed(): void {
    this.#state = "ended";
    clearTimeout(this.#timer);
  }

  #read(): void {
    const end = this.#input.indexOf("\r\n\r\n");
    const length = end < 0 ? this.#input.length : end;
    if (length > this.#limits.headBytes)
      return this.refuse(plainReply(431, "the request is too long"));
    if (end < 0) return;
    const text = this.#input.toString("latin1", 0, end);
    this.#input = this.#input.subarray(end + 4);
    const head = parseRequestHead(text);
    if (head === null)
      return this.refuse(
        plainReply(400, "this is not a request without a body"),
      );
    this.#state = "replying";
    this.#isLast = !head.isKept;
    void this.#answer(head);
  }

  async #answer(head: RequestHead): Promise<void> {
    const reply = await this.#respond(head);
    if (this.#state === "replying") this.#send(reply, head.method !== "HEAD");
  }

  #send({ status, headers, body }: Reply, hasBody: boolean): void {
    const bytes = Buffer.from(body);
    const lines = [
      `HTTP/1.1 ${status} ${REASONS[status]}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      `Content-Length: ${bytes.length}`,
      `Date: ${new Date().toUTCString()}`,
      ...(this.#isLast ? ["Connection: close"] : []),
    ];
    const head = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
    this.#output = hasBody ? Buffer.concat([head, bytes]) : head;
    this.#state = "replying";
    this.drain();
  }

  #replied(): void {
    if (this.#isLast) return this.#end();
    this.#state = this.#input.length > 0 ? "reading" : "idle";
    const { requestMs, idleMs } = this.#limits;
    this.#limit(this.#state === "idle" ? idleMs : requestMs);
    if (this.#state === "reading") this.#read();
  }

  /** The client gets all that is under way, but cannot keep the socket open. */
  #end(): void {
    this.#limit(END_MS);
    this.#state = "ended";
    this.#socket.end();
  }

  #limit(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#expire(), ms);
    this.#timer.unref();
  }

  #expire(): void {
    if (this.#state === "reading")
      this.refuse(plainReply(408, "the request did not come in time"));
    else this.close();
  }
}
