/** A server of datagrams on a Unix socket that reads when it is told to: the runtime has none. */
import { rmSync } from "node:fs";
import { libc } from "../../../src/kernel/libc.ts";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const PATH_AT = 2;

export interface UnixDatagramPeer extends Disposable {
  /** Each datagram that has come since the last call, as text. */
  read(): readonly string[];
}

/** @throws Error if it cannot listen there */
export function openUnixDatagramPeer(path: string): UnixDatagramPeer {
  const { call } = libc();
  const address = new Uint8Array(new ArrayBuffer(PATH_AT + 108));
  address[0] = AF_UNIX;
  address.set(Buffer.from(path), PATH_AT);
  const fd = call.socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  if (call.bind(fd, address, address.length) < 0)
    throw new Error(`cannot listen on ${path}`);
  const buffer = Buffer.from(new ArrayBuffer(65_536));
  return {
    read() {
      const datagrams: string[] = [];
      for (;;) {
        const length = call.read(fd, buffer, buffer.length);
        if (length < 0) return datagrams;
        datagrams.push(buffer.toString("utf8", 0, length));
      }
    },
    [Symbol.dispose]() {
      call.close(fd);
      rmSync(path, { force: true });
    },
  };
}
