/** A receiver of streams on loopback that knows when it has got all that was sent. */
export interface StreamPeer extends AsyncDisposable {
  /** "tcp:127.0.0.1:PORT" */
  readonly target: string;
  /** What came by each connection that was made before this call, once all of them are closed. */
  received(): Promise<readonly string[]>;
}

interface Received {
  text: string;
  readonly closed: PromiseWithResolvers<void>;
}

const LAST = "\0last";

export async function openStreamPeer(): Promise<StreamPeer> {
  const all: Received[] = [];
  let arrived = Promise.withResolvers<void>();
  const server = Bun.listen<Received>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: (socket) => {
        socket.data = { text: "", closed: Promise.withResolvers() };
        all.push(socket.data);
      },
      data: ({ data }, bytes) => {
        data.text += bytes.toString();
        if (data.text === LAST) arrived.resolve();
      },
      close: ({ data }) => data.closed.resolve(),
    },
  });
  /** Connections are accepted in the order in which they were made: after this one there is no other. */
  const addLast = async (): Promise<void> => {
    const last = await Bun.connect({
      hostname: "127.0.0.1",
      port: server.port,
      socket: { data: () => {} },
    });
    last.write(LAST);
    last.end();
    await arrived.promise;
    arrived = Promise.withResolvers();
  };
  return {
    target: `tcp:127.0.0.1:${server.port}`,
    received: async () => {
      await addLast();
      await Promise.all(all.map(({ closed }) => closed.promise));
      return all
        .map(({ text }) => text)
        .filter((text) => text !== "" && text !== LAST);
    },
    [Symbol.asyncDispose]: async () => server.stop(true),
  };
}
