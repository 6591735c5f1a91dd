/** One line of CSV for each task that did something, each file, or each sample, with the names of the JSON lines. */
import {
  csvLine,
  defineOutput,
  toRecord,
  type CsvStyle,
  type Output,
  type OutputContext,
  type Sample,
  type SampleRecord,
} from "../../src/model/index.ts";
import {
  SHAPES,
  chooseFields,
  type Field,
  type Row,
  type Shape,
} from "./fields.ts";
import { checkHeader } from "./header.ts";

const DELIMITERS = { comma: ",", tab: "\t", semicolon: ";" } as const;

export default defineOutput({
  api: 1,
  name: "csv",
  summary: "CSV for spreadsheets, SQL and data frames",
  target: "file",
  owns: "stdout",
  options: {
    shape: {
      type: "string",
      about:
        "one line a task, one a file of a process (with --files), or one a sample with the totals",
      default: "task",
      choices: SHAPES,
    },
    all: {
      type: "boolean",
      default: false,
      about: "list every task, not only those with I/O or waits",
    },
    fields: {
      type: "string",
      about:
        "names of fields, joined by +, such as time+comm+write_bytes; by default all",
    },
    header: {
      type: "boolean",
      default: true,
      about: "start with the names of the fields",
    },
    delimiter: {
      type: "string",
      about: "what stands between two fields",
      default: "comma",
      choices: Object.keys(DELIMITERS),
    },
    excel: {
      type: "boolean",
      default: false,
      about: "put ' before texts that a spreadsheet would take for a formula",
    },
  },
  create: ({ shape, all, fields, header, delimiter, excel }, file) =>
    new Csv(
      {
        shape: shape as Shape,
        all,
        fields: chooseFields(shape as Shape, fields),
        style: {
          delimiter: DELIMITERS[delimiter as keyof typeof DELIMITERS],
          excel,
        },
      },
      header,
      file ?? null,
    ),
});

interface CsvChoices {
  readonly shape: Shape;
  readonly all: boolean;
  readonly fields: readonly Field[];
  readonly style: CsvStyle;
}

class Csv implements Output {
  readonly #choices: CsvChoices;
  readonly #file: string | null;
  readonly #header: string;
  #hasWritten = false;

  constructor(choices: CsvChoices, withHeader: boolean, file: string | null) {
    this.#choices = choices;
    this.#file = file;
    const names = choices.fields.map(({ name }) => name);
    this.#header = withHeader ? csvLine(names, choices.style) : "";
  }

  async open(): Promise<void> {
    if (this.#file !== null && this.#header !== "")
      await checkHeader(this.#file, this.#header);
  }

  async write(sample: Sample, ctx: OutputContext): Promise<void> {
    const { shape, all, fields, style } = this.#choices;
    const record = toRecord(sample, { all, view: ctx.run.view });
    if (shape === "file" && record.files === undefined && !this.#hasWritten)
      throw new Error(
        "shape=file needs --files, and a replay a recording made with it",
      );
    this.#hasWritten = true;
    const lines = rowsOf(record, shape).map((row) =>
      csvLine(
        fields.map(({ cell }) => cell(record, row)),
        style,
      ),
    );
    await ctx.print(lines.join(""), this.#header);
  }
}

function rowsOf({ tasks, files }: SampleRecord, shape: Shape): readonly Row[] {
  switch (shape) {
    case "task":
      return tasks;
    case "file":
      return files ?? [];
    case "total":
      return [null];
  }
}
