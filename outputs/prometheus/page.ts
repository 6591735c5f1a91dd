/** What is answered: the metrics of the newest sample, made at most once a sample and form. */
import { plainReply, type Reply } from "./connection.ts";
import {
  CONTENT_TYPES,
  encodeFamilies,
  type Family,
  type TextFormat,
} from "./exposition.ts";
import { chooseFormat, takesGzip } from "./negotiation.ts";
import type { RequestHead } from "./request-head.ts";

export class Page {
  readonly #bodies = new Map<string, Uint8Array>();
  #families: (() => readonly Family[]) | null = null;

  /** A new sample: what is asked for from now on is made of these. */
  replace(families: () => readonly Family[]): void {
    this.#families = families;
    this.#bodies.clear();
  }

  /** Nothing is sampled for a request: clients that ask often do not shorten each other's intervals. */
  respond(head: RequestHead, trouble: string | null): Reply {
    const isMetrics = head.path === "/metrics";
    if (!isMetrics && head.path !== "/healthz")
      return plainReply(404, "see /metrics and /healthz");
    if (head.method !== "GET" && head.method !== "HEAD")
      return plainReply(405, "only GET and HEAD are allowed", {
        Allow: "GET, HEAD",
      });
    const reason =
      this.#families === null
        ? "the first sample is not complete yet"
        : trouble;
    if (reason !== null) return plainReply(503, reason);
    return isMetrics ? this.#metrics(head.headers) : plainReply(200, "ok");
  }

  #metrics(headers: RequestHead["headers"]): Reply {
    const format = chooseFormat(headers.get("accept") ?? "");
    const isSmall = takesGzip(headers.get("accept-encoding") ?? "");
    return {
      status: 200,
      headers: {
        "Content-Type": CONTENT_TYPES[format],
        ...(isSmall ? { "Content-Encoding": "gzip" } : {}),
        Vary: "Accept, Accept-Encoding",
      },
      body: this.#body(format, isSmall),
    };
  }

  #body(format: TextFormat, isSmall: boolean): Uint8Array {
    const key = `${format} ${isSmall}`;
    let body = this.#bodies.get(key);
    if (body === undefined) {
      body = isSmall
        ? Bun.gzipSync(Buffer.from(this.#body(format, false)))
        : Buffer.from(encodeFamilies(this.#families!(), format));
      this.#bodies.set(key, body);
    }
    return body;
  }
}
