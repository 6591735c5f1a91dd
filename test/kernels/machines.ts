/** What is booted: one machine for each thing that differs between kernels. */

export type Architecture = "amd64" | "arm64";

export interface Machine {
  /** "6.12", of which the newest package is taken, or "newest". */
  readonly version: string;
  readonly architecture: Architecture;
  /** How the name of its package ends. */
  readonly flavour: string;
  /** What is added to the kernel's command line. */
  readonly option?: string;
  /** Words of what `--files` says there, if the kernel does not let files be counted. */
  readonly refusal?: string;
}

const NEWEST = "newest";

const pc = (version: string): Machine => ({
  ...{ version, architecture: "amd64", flavour: "cloud-amd64" },
});
const arm = (version: string, flavour: string): Machine => ({
  ...{ version, architecture: "arm64", flavour },
});

export const MACHINES: readonly Machine[] = [
  { ...pc("5.10"), refusal: "needs Linux 5.17" },
  pc("6.1"),
  pc("6.12"),
  {
    ...pc("6.12"),
    option: "lockdown=confidentiality",
    refusal: "the kernel is locked down",
  },
  pc("6.17"),
  pc(NEWEST),
  arm("6.12", "cloud-arm64"),
  arm(NEWEST, "arm64-16k"),
];

/** Of each another. */
export const nameOf = ({ version, flavour, option }: Machine): string =>
  [version, flavour, option].filter((word) => word !== undefined).join(" ");

/** The newest package of a machine's kernel among those that there are, or null. Pure. */
export function choosePackage(
  { version, flavour }: Machine,
  packages: readonly string[],
): string | null {
  const fitting = packages.filter((name) => {
    const [, found, rest] =
      /^linux-image-(\d+\.\d+)\.\d\S*?-(\D\S*)$/.exec(name) ?? [];
    return rest === flavour && (version === NEWEST || version === found);
  });
  const { compare } = Intl.Collator("en", { numeric: true });
  return fitting.toSorted(compare).at(-1) ?? null;
}
