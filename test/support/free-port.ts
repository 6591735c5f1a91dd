/** A loopback port that neither UDP nor TCP uses now: for servers that cannot be told to choose one themselves. */
import { createServer } from "node:net";

export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const udp = await Bun.udpSocket({ hostname: "127.0.0.1" });
    const { port } = udp;
    const free = await isTcpFree(port);
    udp.close();
    if (free) return port;
  }
  throw new Error("no port is free for both UDP and TCP");
}

function isTcpFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once("error", () => resolve(false));
  server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  return promise;
}
