import { describe, expect, test } from "bun:test";
import { toRoff } from "../../src/manual/roff.ts";

describe("Markdown becomes macros of man(7):", () => {
  test.each([
    ["# Exit status", ".SH EXIT STATUS\n"],
    ["## Total and Current", ".SS Total and Current\n"],
    ["### For `jq`", ".PP\n\\fBFor \\fBjq\\fR\\fR\n"],
    [
      "Text, **bold** and *slanted*.",
      ".PP\nText, \\fBbold\\fR and \\fIslanted\\fR.\n",
    ],
    ["- one\n- two", ".IP \\(bu 2\none\n.IP \\(bu 2\ntwo\n"],
    ["# A\n\nText.", ".SH A\nText.\n"],
    [
      "Use `--no-only`, or `\\e`.",
      ".PP\nUse \\fB\\-\\-no\\-only\\fR, or \\fB\\ee\\fR.\n",
    ],
    [
      "[here](files.md) and [Bun](https://bun.sh)",
      ".PP\nhere and Bun (https://bun.sh)\n",
    ],
    ["```sh\n.x ~/a-b\n```", ".PP\n.RS 4\n.nf\n\\&.x \\(ti/a\\-b\n.fi\n.RE\n"],
    ["<!-- keys:begin -->\n\nText.\n\n<!-- keys:end -->", ".PP\nText.\n"],
  ])("%j", (markdown, roff) => expect(toRoff(markdown)).toBe(roff));

  test("a table is a list of terms, with a line for each other cell", () => {
    expect(
      toRoff(
        "| Key | Type | Meaning |\n| --- | --- | --- |\n| `a\\|b` | text | one.<br>two |\n| c | | |",
      ),
    ).toBe(
      ".TP 7n\n\\fBa|b\\fR\ntext\n.br\none.\n.br\ntwo\n.TP 7n\nc\n\n".replace(
        /\n\n$/,
        "\n",
      ),
    );
  });

  test("no line of text is taken for a request, wherever it is wrapped", () => {
    const words = `${"x".repeat(78)} .so /etc/passwd 'quoted`;
    expect(toRoff(words)).toBe(
      `.PP\n${"x".repeat(78)}\n\\&.so /etc/passwd 'quoted\n`,
    );
    expect(toRoff("'quoted")).toBe(".PP\n\\&'quoted\n");
  });
});
