/** The first line and the headers of an HTTP request. */

export interface RequestHead {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** By name in lower case; the values of one that comes several times are joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
  /** Whether the client wants to ask again on this connection. */
  readonly isKept: boolean;
}

const LINE = /^([A-Z]{1,16}) (\/[\x21-\x7e]*) HTTP\/1\.([01])$/;
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/s;

/**
 * @param text up to the empty line, without it
 * @returns null for what is no request, or has a body: nobody has to send one here
 */
export function parseRequestHead(text: string): RequestHead | null {
  const [first = "", ...lines] = text.split("\r\n");
  const line = LINE.exec(first);
  if (line === null) return null;
  const headers = new Map<string, string>();
  for (const each of lines) {
    const header = HEADER.exec(each);
    if (header === null || /[\0\r\n]/.test(each)) return null;
    const name = header[1]!.toLowerCase();
    const before = headers.get(name);
    const value = header[2]!;
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  if (headers.has("transfer-encoding")) return null;
  if ((headers.get("content-length") ?? "0") !== "0") return null;
  const connection = (headers.get("connection") ?? "").toLowerCase();
  return {
    method: line[1]!,
    path: line[2]!.replace(/\?.*$/, ""),
    headers,
    isKept:
      line[3] === "1"
        ? !/\bclose\b/.test(connection)
        : /\bkeep-alive\b/.test(connection),
  };
}
