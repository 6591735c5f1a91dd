/**
 * collectd with its statsd plug-in on loopback: the parser that accepts least. Its CSV files hold exact running totals,
 * its log every line that it refused.
 */
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../eventually.ts";
import { isUdpBound, ownPlace, type Place } from "./own-place.ts";

const PROGRAM = "/usr/sbin/collectd";

const hasCollectd = existsSync(PROGRAM);

export interface Collectd extends AsyncDisposable {
  readonly place: Place;
  /** Running totals by name, as of the last second that was written out. */
  counters(): ReadonlyMap<string, number>;
  gauges(): ReadonlyMap<string, number>;
  log(): string;
}

/** @throws Error if collectd is not installed or does not listen within a minute */
export async function startCollectd(): Promise<Collectd> {
  if (!hasCollectd)
    throw new Error(`${PROGRAM} is missing: install collectd-core`);
  const folder = mkdtempSync(join(tmpdir(), "iotop-collectd-"));
  const place = ownPlace();
  const config = join(folder, "collectd.conf");
  writeFileSync(config, configText(folder, place));
  const server = Bun.spawn([PROGRAM, "-f", "-C", config], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  const log = (): string => readIfThere(join(folder, "collectd.log"));
  const stop = async (): Promise<void> => {
    server.kill("SIGTERM");
    await server.exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const values = (type: string): ReadonlyMap<string, number> =>
    readValues(join(folder, "csv", "testhost", "statsd"), `${type}-`);
  try {
    await eventually(
      () => isUdpBound(place),
      (bound) => bound,
    );
  } catch (error) {
    const said = log();
    await stop();
    throw new Error(`collectd does not listen: ${said}`, { cause: error });
  }
  return {
    place,
    counters: () => values("derive"),
    gauges: () => values("gauge"),
    log,
    [Symbol.asyncDispose]: stop,
  };
}

const configText = (folder: string, place: Place): string => `
Hostname "testhost"
BaseDir "${folder}"
PIDFile "${folder}/collectd.pid"
PluginDir "/usr/lib/collectd"
TypesDB "/usr/share/collectd/types.db"
Interval 1
LoadPlugin logfile
<Plugin logfile>
  LogLevel info
  File "${folder}/collectd.log"
</Plugin>
LoadPlugin statsd
<Plugin statsd>
  Host "${place.address}"
  Port "${place.port}"
  DeleteCounters false
  DeleteGauges false
  CounterSum true
</Plugin>
LoadPlugin csv
<Plugin csv>
  DataDir "${folder}/csv"
  StoreRates false
</Plugin>
`;

/** Files such as derive-iotop.db1.disk.read_bytes-2026-11-23; their first line is a header, their last "time,value". */
function readValues(
  folder: string,
  prefix: string,
): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  if (!existsSync(folder)) return values;
  for (const file of readdirSync(folder)) {
    if (!file.startsWith(prefix)) continue;
    const name = file.slice(prefix.length).replace(/-\d{4}-\d\d-\d\d$/, "");
    const last = readFileSync(join(folder, file), "utf8").trimEnd();
    const value = Number(last.slice(last.lastIndexOf(",") + 1));
    // At midnight a second file begins: a running total only grows.
    if (!Number.isNaN(value))
      values.set(name, Math.max(values.get(name) ?? 0, value));
  }
  return values;
}

const readIfThere = (file: string): string =>
  existsSync(file) ? readFileSync(file, "utf8") : "";
