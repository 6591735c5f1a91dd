/** A browser without a window, driven over the DevTools protocol: https://chromedevtools.github.io/devtools-protocol/ */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const BROWSER = "chromium-headless-shell";

type Params = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: Params;
  readonly error?: { readonly message: string };
}

export interface Tab {
  /** What the page has logged, thrown, and what was refused to it. */
  readonly problems: readonly string[];
  /** Addresses that it has asked for. */
  readonly requests: readonly string[];
  send(method: string, params?: Params): Promise<Params>;
  /** Resolves when the page has been loaded, its script included. */
  open(url: string): Promise<void>;
  /** The value of an expression in the page. */
  evaluate<T>(expression: string): Promise<T>;
  /** Presses, moves and releases the mouse. Twice the same place is a click. */
  drag(
    from: readonly [x: number, y: number],
    to: readonly [x: number, y: number],
    clickCount?: number,
  ): Promise<void>;
  /** As it looks, PNG. */
  screenshot(): Promise<Buffer>;
}

export interface Browser extends AsyncDisposable {
  /** A new tab of this size in CSS pixels. */
  openTab(width: number, height: number): Promise<Tab>;
}

export async function openBrowser(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), "iotop-browser-"));
  const child = Bun.spawn(
    [
      BROWSER,
      // Root has no sandbox, and a machine for tests may have no graphics.
      ...["--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
      ...["--remote-debugging-port=0", `--user-data-dir=${profile}`],
      "about:blank",
    ],
    { stdin: "ignore", stdout: "ignore", stderr: "pipe" },
  );
  const socket = new WebSocket(await addressIn(child.stderr));
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("the browser does not answer"));
  });
  const connection = new Connection(socket);
  return {
    openTab: (width, height) => openTab(connection, width, height),
    async [Symbol.asyncDispose]() {
      // Killed, it would leave its children behind.
      void connection.send("Browser.close", {});
      await child.exited;
      socket.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

async function addressIn(stderr: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stderr) {
    text += decoder.decode(bytes, { stream: true });
    const address = /^DevTools listening on (ws:\S+)$/m.exec(text)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(`the browser has ended: ${text}`);
}

type Listener = (method: string, params: Params) => void;

class Connection {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<
    number,
    { resolve(result: Params): void; reject(error: Error): void }
  >();
  readonly #listeners = new Map<string | undefined, Listener>();
  #lastId = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) =>
      this.#take(JSON.parse(String(data)) as Message & { sessionId?: string });
  }

  #take(message: Message & { readonly sessionId?: string }): void {
    if (message.id === undefined) {
      const listener = this.#listeners.get(message.sessionId);
      listener?.(message.method!, message.params ?? {});
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.result ?? {});
    else waiting?.reject(new Error(message.error.message));
  }

  listen(sessionId: string, listener: Listener): void {
    this.#listeners.set(sessionId, listener);
  }

  send(method: string, params: Params, sessionId?: string): Promise<Params> {
    const id = ++this.#lastId;
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    return new Promise((resolve, reject) =>
      this.#waiting.set(id, { resolve, reject }),
    );
  }
}

async function openTab(
  connection: Connection,
  width: number,
  height: number,
): Promise<Tab> {
  const { targetId } = await connection.send("Target.createTarget", {
    url: "about:blank",
  });
  const { sessionId } = await connection.send("Target.attachToTarget", {
    ...{ targetId, flatten: true },
  });
  const session = sessionId as string;
  const send = (method: string, params: Params = {}) =>
    connection.send(method, params, session);
  const problems: string[] = [];
  const requests: string[] = [];
  let loaded = (): void => {};
  connection.listen(session, (method, params) => {
    if (method === "Page.loadEventFired") loaded();
    if (method === "Network.requestWillBeSent")
      requests.push((params["request"] as { url: string }).url);
    if (/^(?:Log.entryAdded|Runtime.(?:console|exception))/.test(method))
      problems.push(JSON.stringify(params));
  });
  for (const domain of ["Page", "Runtime", "Log", "Network"])
    await send(`${domain}.enable`);
  await send("Emulation.setDeviceMetricsOverride", {
    ...{ width, height, deviceScaleFactor: 1, mobile: false },
  });
  const press = (
    type: string,
    [x, y]: readonly [number, number],
    clickCount = 1,
  ) =>
    send("Input.dispatchMouseEvent", {
      ...{ type, x, y, clickCount, button: "left" },
      buttons: type === "mouseReleased" ? 0 : 1,
    });
  return {
    ...{ problems, requests, send },
    async open(url) {
      const done = new Promise<void>((resolve) => (loaded = resolve));
      await send("Page.navigate", { url });
      await done;
    },
    async evaluate<T>(expression: string) {
      const { result, exceptionDetails } = await send("Runtime.evaluate", {
        ...{ expression, returnByValue: true, awaitPromise: true },
      });
      if (exceptionDetails !== undefined)
        throw new Error(JSON.stringify(exceptionDetails));
      return (result as { value: T }).value;
    },
    async drag(from, to, clickCount = 1) {
      await send("Input.dispatchMouseEvent", {
        ...{ type: "mouseMoved", x: from[0], y: from[1] },
      });
      for (let click = 1; click <= clickCount; click++) {
        await press("mousePressed", from, click);
        if (from !== to) await press("mouseMoved", to);
        await press("mouseReleased", to, click);
      }
    },
    async screenshot() {
      const { data } = await send("Page.captureScreenshot");
      return Buffer.from(data as string, "base64");
    },
  };
}
