/** What the groups of tasks add in each sample, as metrics. */
import {
  GroupNames,
  OTHER_GROUP,
  addInto,
  divideByGroup,
  groupName,
  shortenContainerIds,
  sumGroups,
  unknownDelta,
  wholeTotals,
  zeroDelta,
  type Division,
  type GroupKind,
  type IoDelta,
  type MutableIoDelta,
  type Sample,
  type TaskDelta,
} from "../../src/model/index.ts";
import { counter, knownOf, type Draft } from "./draft.ts";
import { labelOf, type Dialect, type Metric } from "./lines.ts";
import { WholeMilliseconds } from "./whole-milliseconds.ts";

export const hasEnded = ({ exit }: TaskDelta): boolean => exit !== null;

/** Keeps the groups that have a name, their labels and the fractions of milliseconds. */
export class GroupMetrics {
  readonly #kind: GroupKind;
  readonly #dialect: Dialect;
  readonly #names: GroupNames;
  /** Of the groups that have a name. */
  #labels: ReadonlyMap<string, string> = new Map();
  /** By label. */
  readonly #waitedMs = new WholeMilliseconds();
  #hasBegun = false;

  constructor(kind: GroupKind, maxGroups: number, dialect: Dialect) {
    this.#kind = kind;
    this.#dialect = dialect;
    this.#names = new GroupNames(maxGroups);
  }

  /** One line, once, when a group has got no name because all were taken. */
  takeNotice(): string | null {
    return this.#names.takeNotice();
  }

  /** Only where something happened; but in the first sample also 0 of the groups that have done nothing. */
  read(sample: Sample): Metric[] {
    const sums = sumGroups(sample, this.#kind);
    const isChanged = this.#names.admit(sums.groups, sample.intervalNs);
    const begun = this.#hasBegun ? [] : this.#names.reserve(sample, this.#kind);
    this.#hasBegun = true;
    if (isChanged || begun.length > 0) this.#rename();
    const totals = wholeTotals(sample);
    const division = divideByGroup(totals, sums, this.#names);
    const idle = new Set(begun.map((name) => this.#labels.get(name)!));
    const drafts = [...this.#sums(division, idle, totals)].flatMap(
      ([label, io]) => this.#draftsOf(label, io),
    );
    for (const [label, ended] of this.#countEnded(sample))
      drafts.push(this.#draft(label, "ended", ended));
    return knownOf(drafts).filter(
      ({ value, of }) => value > 0 || idle.has(of![1]),
    );
  }

  #rename(): void {
    this.#labels = new Map(
      [...shortenContainerIds(this.#names.names)].map(([name, short]) => [
        name,
        labelOf(short, this.#dialect),
      ]),
    );
    this.#waitedMs.retain(new Set(this.#labels.values()), OTHER_GROUP);
  }

  /**
   * By label. Groups with the same label are one series: two lines for one gauge or counter would race in some servers.
   *
   * @param idle labels of groups that begin at 0: of what is known of all tasks
   */
  #sums(
    { groups, other }: Division,
    idle: ReadonlySet<string>,
    totals: IoDelta,
  ): ReadonlyMap<string, IoDelta> {
    const sums = new Map<string, MutableIoDelta>();
    const add = (label: string, io: IoDelta): void => {
      if (!sums.has(label)) sums.set(label, unknownDelta());
      addInto(sums.get(label)!, io);
    };
    for (const label of idle)
      add(
        label,
        zeroDelta((key) => totals[key] !== null),
      );
    for (const [name, io] of groups) add(this.#labels.get(name)!, io);
    add(OTHER_GROUP, other);
    return sums;
  }

  #draftsOf(label: string, io: IoDelta): Draft[] {
    const waitedMs = this.#waitedMs.take(label, io.ioWaitNs);
    return [
      this.#draft(label, "read_bytes", io.readBytes),
      this.#draft(label, "write_bytes", io.writeBytes),
      this.#draft(label, "cancelled_write_bytes", io.cancelledBytes),
      this.#draft(label, "io_delay_ms", waitedMs),
    ];
  }

  #draft(label: string, field: string, value: number | null): Draft {
    return counter("group", field, value, [this.#kind, label]);
  }

  /** Processes that ended, by label. */
  #countEnded({ processes }: Sample): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { task } of processes.filter(hasEnded)) {
      const name = groupName(task, this.#kind);
      const label =
        name !== null && this.#names.has(name) ? this.#labels.get(name) : null;
      const known = label ?? OTHER_GROUP;
      counts.set(known, (counts.get(known) ?? 0) + 1);
    }
    return counts;
  }
}
