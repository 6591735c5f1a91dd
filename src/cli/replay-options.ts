/** The options of a replay: part of the command line (src/cli/options.ts). */
export const REPLAY_OPTIONS = {
  replay: {
    type: "string",
    valueHint: "PATH",
    many: "list",
    description:
      "show a recording, made with --output jsonl=FILE, instead of this machine; it may be compressed with gzip or zstd; a folder stands for all recordings in it, and - for stdin; repeat the option to merge several by time",
    group: "Where it comes from",
  },
  host: {
    type: "string",
    valueHint: "NAME",
    description:
      "with --replay: show only this host; the screen and -b need it if there are several hosts",
    group: "Where it comes from",
  },
  from: {
    type: "string",
    valueHint: "TIME",
    description:
      'with --replay: leave out everything before this time: 02:13, 02:13:20, "2026-11-24 02:13", 2026-11-24T02:13:00Z, "yesterday 02:13", -2h before the end (s, m, h or d), or @1795600380 (Unix time); without a date, the last such time within the recording',
    group: "Where it comes from",
  },
  to: {
    type: "string",
    valueHint: "TIME",
    description:
      "with --replay: leave out everything after this time; without a date, the first such time after --from",
    group: "Where it comes from",
  },
  speed: {
    type: "string",
    valueHint: "NUM|max",
    description:
      "with --replay: play this many times faster than recorded, or as fast as the outputs can follow; default 1",
    group: "Where it comes from",
  },
} as const;
