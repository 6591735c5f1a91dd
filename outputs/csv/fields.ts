/** The fields of a line of CSV, in their order. New ones are added at the end of their list, so that files can go on. */
import type {
  CsvCell,
  FileRecord,
  SampleRecord,
  TaskRecord,
  TotalRecord,
} from "../../src/model/index.ts";

/** What a line is made of. */
export interface Field {
  readonly name: string;
  /** @param row what the line is about */
  readonly cell: (record: SampleRecord, row: Row) => CsvCell;
}

/** A task, a file, or with totals nothing else than the sample. */
export type Row = TaskRecord | FileRecord | null;

export const SHAPES = ["task", "file", "total"] as const;
export type Shape = (typeof SHAPES)[number];

const TASK_KEYS = [
  "pid",
  "tid",
  "ppid",
  "key",
  "process_key",
  "start_time",
  "life",
  "comm",
  "cmdline",
  "uid",
  "user",
  "cgroup",
  "io_prio",
  "read_bytes",
  "write_bytes",
  "cancelled_write_bytes",
  "logical_read_bytes",
  "logical_write_bytes",
  "read_calls",
  "write_calls",
  "read_bytes_per_s",
  "write_bytes_per_s",
  "io_delay_ns",
  "io_delay_ratio",
  "swapin_delay_ns",
  "swapin_delay_ratio",
  "since_read_bytes",
  "since_write_bytes",
  "since_cancelled_write_bytes",
  "lifetime_read_bytes",
  "lifetime_write_bytes",
  "lifetime_cancelled_write_bytes",
  "elapsed_s",
  "blocked_s",
  "threads",
  "kernel_thread",
  "exit_code",
  "exit_signal",
  "cgroup_inherited",
  "unit",
  "container",
] as const satisfies readonly (keyof TaskRecord)[];

const FILE_KEYS = [
  "pid",
  "process_key",
  "comm",
  "kind",
  "device",
  "inode",
  "path",
  "direct",
  "read_bytes",
  "write_bytes",
  "to_disk_bytes",
  "moved_bytes",
] as const satisfies readonly (keyof FileRecord)[];

const TOTAL_KEYS = [
  "tasks",
  "read_bytes",
  "write_bytes",
  "cancelled_write_bytes",
  "logical_read_bytes",
  "logical_write_bytes",
  "read_calls",
  "write_calls",
  "io_delay_ns",
  "swapin_delay_ns",
  "read_bytes_per_s",
  "write_bytes_per_s",
  "since_read_bytes",
  "since_write_bytes",
  "since_cancelled_write_bytes",
] as const satisfies readonly (keyof TotalRecord)[];

/** Types are wrong here if JSON lines have a key that a list above lacks: add it at the end of that list. */
type Lacking =
  | Exclude<keyof FileRecord, (typeof FILE_KEYS)[number]>
  | Exclude<keyof TaskRecord, (typeof TASK_KEYS)[number]>
  | Exclude<keyof TotalRecord, (typeof TOTAL_KEYS)[number]>;
null satisfies [Lacking] extends [never] ? null : Lacking;

const SAMPLE: readonly Field[] = [
  { name: "time", cell: ({ time }) => time },
  { name: "time_ms", cell: ({ time }) => Date.parse(time) },
  { name: "host", cell: ({ host }) => host },
  { name: "seq", cell: ({ seq }) => seq },
  { name: "interval_s", cell: ({ interval_s }) => interval_s },
];

const MACHINE: readonly Field[] = [
  { name: "disk_read_bytes", cell: ({ disk }) => disk.read_bytes },
  { name: "disk_write_bytes", cell: ({ disk }) => disk.write_bytes },
  {
    name: "pressure_some_ratio",
    cell: ({ pressure }) => pressure && pressure.some_ratio,
  },
  {
    name: "pressure_full_ratio",
    cell: ({ pressure }) => pressure && pressure.full_ratio,
  },
  { name: "unreadable_tasks", cell: ({ health }) => health.unreadable_tasks },
  { name: "lost_exit_events", cell: ({ health }) => health.lost_exit_events },
];

/** @param names keys of the rows of a shape */
function fieldsOf<R extends object>(
  names: readonly (keyof R & string)[],
): readonly Field[] {
  return names.map((name) => ({
    name,
    cell: (_, row) => row && ((row as R)[name] as CsvCell),
  }));
}

export const FIELDS: Readonly<Record<Shape, readonly Field[]>> = {
  task: [...SAMPLE, ...fieldsOf<TaskRecord>(TASK_KEYS)],
  file: [...SAMPLE, ...fieldsOf<FileRecord>(FILE_KEYS)],
  total: [
    ...SAMPLE,
    ...TOTAL_KEYS.map((name) => ({
      name,
      cell: ({ total }: SampleRecord) => total[name],
    })),
    ...MACHINE,
  ],
};

/**
 * @param names joined by "+"; undefined: all
 * @throws Error that says what is accepted
 */
export function chooseFields(
  shape: Shape,
  names: string | undefined,
): readonly Field[] {
  const known = FIELDS[shape];
  if (names === undefined) return known;
  const chosen = names.split("+");
  return chosen.map((name, at) => {
    const field = known.find((one) => one.name === name);
    if (field === undefined)
      throw new Error(
        `fields has no ${JSON.stringify(name)}; shape=${shape} has ${known.map((one) => one.name).join("+")}`,
      );
    if (chosen.indexOf(name) !== at)
      throw new Error(`fields has ${name} twice`);
    return field;
  });
}
