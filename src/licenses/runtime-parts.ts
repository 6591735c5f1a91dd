/**
 * What is in the runtime that the build names, by the runtime's own list (LICENSE.md of Bun 1.4.5, a7733435c), with
 * the license that each part is used under. The texts are in the folder `texts`. The last two are not on that list, but
 * in `process.versions`.
 */

export interface RuntimePart {
  readonly name: string;
  /** As the list has it, or the one chosen where it offers several. */
  readonly license: string;
  /** Files in `texts`, without ".txt". */
  readonly texts: readonly string[];
}

const part = (
  name: string,
  license: string,
  ...texts: readonly string[]
): RuntimePart => ({ name, license, texts });

export const RUNTIME_PARTS: readonly RuntimePart[] = [
  part("Bun", "MIT", "bun"),
  part("esbuild (ported parts)", "MIT", "esbuild"),
  part("JavaScriptCore and WebKit", "LGPL-2.0-or-later", "lgpl-2"),
  part("boringssl", "Apache-2.0 and others", "boringssl"),
  part("brotli", "MIT", "brotli"),
  part("libarchive", "BSD-2-Clause and others", "libarchive"),
  part("lol-html", "BSD-3-Clause", "lol-html"),
  part("ls-hpack", "MIT", "ls-hpack"),
  part("ls-qpack", "MIT", "ls-qpack"),
  part("lsquic", "MIT and BSD-3-Clause", "lsquic"),
  part("mimalloc", "MIT", "mimalloc"),
  part("picohttp", "MIT", "picohttpparser"),
  part("zstd", "BSD-3-Clause", "zstd"),
  part("simdutf", "MIT", "simdutf"),
  part("tinycc", "LGPL-2.1-or-later", "lgpl-2.1"),
  part("uSockets", "Apache-2.0", "apache-2.0"),
  part("zlib-ng", "Zlib", "zlib-ng"),
  part("c-ares", "MIT", "c-ares"),
  part("libicu", "Unicode-3.0", "icu"),
  part("libbase64", "BSD-2-Clause", "libbase64"),
  part("libdeflate", "MIT", "libdeflate"),
  part("libjpeg-turbo", "BSD-3-Clause, IJG and Zlib", "libjpeg-turbo"),
  part("libspng", "BSD-2-Clause", "libspng"),
  part("libwebp", "BSD-3-Clause", "libwebp"),
  part("highway", "BSD-3-Clause", "highway"),
  part("uucode", "MIT", "uucode"),
  part("uWebsockets", "Apache-2.0", "apache-2.0"),
  part("Tigerbeetle's IO code", "Apache-2.0", "apache-2.0"),
  part(
    "LLVM libc++abi",
    "Apache-2.0 WITH LLVM-exception",
    "apache-2.0",
    "llvm-exception",
  ),
  part("polyfills of Node.js modules", "MIT", "polyfills"),
  part("llhttp", "MIT", "llhttp"),
  part("SQLite", "public domain"),
];

/** Names of `process.versions`, which says of these parts which version it is, or which commit. */
export const NAMES_IN_VERSIONS: Readonly<Record<string, string>> = {
  "JavaScriptCore and WebKit": "webkit",
  boringssl: "boringssl",
  libarchive: "libarchive",
  "lol-html": "lolhtml",
  "ls-hpack": "lshpack",
  mimalloc: "mimalloc",
  picohttp: "picohttpparser",
  zstd: "zstd",
  tinycc: "tinycc",
  uSockets: "usockets",
  "zlib-ng": "zlib",
  "c-ares": "ares",
  libicu: "icu",
  libdeflate: "libdeflate",
  uWebsockets: "uwebsockets",
  llhttp: "llhttp",
  SQLite: "sqlite",
};
