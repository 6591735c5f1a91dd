/** A process with CAP_NET_ADMIN that writes to the netlink sockets of others, as only the kernel should. */
import { dlopen } from "bun:ffi";
import type { Bytes } from "../bytes/netlink-bytes.ts";

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const NETLINK_GENERIC = 16;
const ADDRESS_BYTES = 12;

/** Sends a datagram to the netlink socket with that port. @returns whether the kernel let us */
export function forge(port: number, datagram: Bytes): boolean {
  const { symbols } = dlopen("libc.so.6", {
    socket: { args: ["i32", "i32", "i32"], returns: "i32" },
    sendto: {
      args: ["i32", "ptr", "u64", "i32", "ptr", "u32"],
      returns: "i32",
    },
    close: { args: ["i32"], returns: "i32" },
  });
  const address = new Uint32Array(new ArrayBuffer(ADDRESS_BYTES));
  address[0] = AF_NETLINK;
  address[1] = port;
  const bytes = new Uint8Array(new ArrayBuffer(datagram.length));
  bytes.set(datagram);
  const fd = symbols.socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
  const sent = symbols.sendto(
    ...([fd, bytes, bytes.length, 0, address, ADDRESS_BYTES] as const),
  );
  symbols.close(fd);
  return sent === bytes.length;
}
