/** A receiver of datagrams on loopback that knows when it has got all that was sent. */
export interface UdpPeer extends AsyncDisposable {
  /** "127.0.0.1:PORT" */
  readonly target: string;
  /** Each datagram that was sent before this call, as text. */
  received(): Promise<readonly string[]>;
}

/** Datagrams wait in one queue, in the order in which they were sent: after this one there is no other. */
const LAST = "\0last";

export async function openUdpPeer(): Promise<UdpPeer> {
  const texts: string[] = [];
  let onLast = (): void => {};
  const socket = await Bun.udpSocket({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data: (_socket, bytes) => {
        const text = bytes.toString();
        if (text === LAST) onLast();
        else texts.push(text);
      },
    },
  });
  return {
    target: `127.0.0.1:${socket.port}`,
    received: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      onLast = resolve;
      socket.send(LAST, socket.port, "127.0.0.1");
      await promise;
      return [...texts];
    },
    [Symbol.asyncDispose]: async () => socket.close(),
  };
}
