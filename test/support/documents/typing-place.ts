/** A place to type documented commands in: recordings, and servers on loopback instead of those that are named. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BASE_ENV, BINARY, openTerminal, runBinary } from "../binary.ts";
import { nightRecording } from "../runs/beside-dd.ts";
import { openStreamPeer, type StreamPeer } from "../servers/stream-peer.ts";
import { openUdpPeer, type UdpPeer } from "../servers/udp-peer.ts";
import {
  openUnixDatagramPeer,
  type UnixDatagramPeer,
} from "../servers/unix-datagram-peer.ts";

export interface Typed {
  readonly status: number | null;
  /** What stood in the terminal. */
  readonly terminal: string;
  /** Lines of stderr that iotop does not print of this machine, or of its recordings, in any case. */
  readonly warnings: readonly string[];
  /** Bytes in files that the command made or extended. */
  readonly written: number;
}

export interface TypingPlace extends AsyncDisposable {
  readonly udp: UdpPeer;
  readonly stream: StreamPeer;
  readonly datagrams: UnixDatagramPeer;
  /** Path of the socket of `datagrams`. */
  readonly datagramPath: string;
  /** Path of a socket of a server that reads streams. */
  readonly streamPath: string;
  /** Types a line for bash in a terminal, in a new folder, and q after a text is there. The same line is typed once. */
  type(line: string, options: { quitAfter?: string }): Promise<Typed>;
}

/** @param module text of busiest.ts, an output that is there in each folder */
export async function openTypingPlace(module: string): Promise<TypingPlace> {
  // As root only where nobody else can write, all the way up.
  const base = process.geteuid!() === 0 ? "/root" : tmpdir();
  const scratch = mkdtempSync(join(base, "iotop-typed-"));
  const given = join(scratch, "given");
  mkdirSync(join(given, "iotop"), { recursive: true });
  mkdirSync(join(scratch, "bin"));
  symlinkSync(BINARY, join(scratch, "bin", "iotop"));
  writeFileSync(join(given, "busiest.ts"), module);
  const lines = await nightRecording(scratch);
  const recording = join(given, "io.jsonl");
  writeFileSync(recording, lines);
  writeFileSync(join(given, "io.jsonl.gz"), Bun.gzipSync(Buffer.from(lines)));
  writeFileSync(
    join(given, "iotop", "io.jsonl"),
    lines.replaceAll(/"host":"[^"]*"/g, '"host":"web1"'),
  );
  const plain = await Promise.all([
    runBinary(["-b", "-n", "1", "-d", "0.05", "--files"]),
    runBinary(["-b", "--replay", recording, "--speed", "max"]),
  ]);
  // How many tasks cannot be read changes from one moment to the next.
  const kindOf = (message: string): string => message.replaceAll(/\d+/g, "N");
  const usual = plain.flatMap(({ stderr }) => stderr.split("\n").map(kindOf));

  const udp = await openUdpPeer();
  const stream = await openStreamPeer();
  const datagramPath = join(scratch, "datagrams.socket");
  const datagrams = openUnixDatagramPeer(datagramPath);
  const streamPath = join(scratch, "stream.socket");
  const unixStream = Bun.listen({
    unix: streamPath,
    socket: { data: () => {} },
  });

  let count = 0;
  const typeAnew = async (
    line: string,
    quitAfter: string | undefined,
  ): Promise<Typed> => {
    const folder = join(scratch, String(++count));
    const errors = `${folder}.errors`;
    cpSync(given, folder, { recursive: true });
    const before = sizeOf(folder);
    await using session = openTerminal(
      [`set -o pipefail; { ${line}; } 2>'${errors}'`],
      {
        command: ["bash", "-c"],
        cwd: folder,
        env: {
          PATH: `${join(scratch, "bin")}:${BASE_ENV.PATH}:/usr/sbin:/sbin`,
          XDG_CONFIG_HOME: join(folder, "settings"),
          MANPAGER: "cat",
        },
      },
    );
    if (quitAfter !== undefined) {
      await session.until((output) => output.includes(quitAfter));
      session.type("q");
    }
    const { status } = await session.exited;
    return {
      status,
      terminal: session.output,
      warnings: readFileSync(errors, "utf8")
        .split("\n")
        .filter((text) => !usual.includes(kindOf(text))),
      written: sizeOf(folder) - before,
    };
  };

  const typed = new Map<string, Promise<Typed>>();
  return {
    udp,
    stream,
    datagrams,
    datagramPath,
    streamPath,
    type(line, { quitAfter }) {
      const running = typed.get(line) ?? typeAnew(line, quitAfter);
      typed.set(line, running);
      return running;
    },
    async [Symbol.asyncDispose]() {
      await udp[Symbol.asyncDispose]();
      await stream[Symbol.asyncDispose]();
      datagrams[Symbol.dispose]();
      unixStream.stop(true);
      rmSync(scratch, { recursive: true });
    },
  };
}

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size)
    .reduce((sum, size) => sum + size, 0);
