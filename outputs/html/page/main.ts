/** The page's script: draws the data, and follows what the reader does. */
import { openChart, type Around, type Chart } from "./chart.ts";
import type { PageData } from "./data.ts";
import { element, keepFocus, place, swatch } from "./dom.ts";
import { drawHeadline, hostsText, samplesText } from "./headline.ts";
import { drawLegend, switchOf } from "./legend.ts";
import { measuresOf } from "./measures.ts";
import { readRecording } from "./recording.ts";
import { diskKey, stackedSpec, stallLines, stallSpec } from "./specs.ts";
import { drawTable } from "./table.ts";
import { formatDuration } from "./text.ts";
import { initialView } from "./view.ts";
import { hashOf, parseHash, rangeBetween, wholeRange } from "./zoom.ts";

const data = JSON.parse(place("data").textContent!) as PageData;
const recording = readRecording(data);
const view = initialView(recording);
const charts: Chart[] = [];

const around: Around = {
  ...{ data, recording, view },
  zoom(fromMs, toMs) {
    view.range = rangeBetween(recording, fromMs, toMs);
    location.replace(`#${hashOf(recording, view.range)}`);
    draw();
  },
  reset() {
    view.range = wholeRange(recording);
    location.replace("#");
    draw();
  },
};

function draw(): void {
  const { from, to } = view.range;
  place("reset").hidden = from === 0 && to === recording.length;
  keepFocus(() => {
    drawHeadline(around);
    drawLegend(around, draw);
    drawTable(around, draw);
  });
  for (const chart of charts) chart.draw();
}

function fillIn(): void {
  const host = hostsText(data);
  document.title = `${host === "" ? "iotop" : host}: disk I/O`;
  place("host").textContent = host;
  place("samples").textContent = samplesText(data, recording);
  const { next_s } = data;
  if (next_s !== null) {
    place("running").textContent =
      `still running: this page reloads every ${formatDuration(next_s * 1e9)}`;
    setTimeout(() => location.reload(), next_s * 1000);
  }
  place("notes").replaceChildren(
    ...data.notes.map((note) => element("li", "", `${note}.`)),
  );
  place("version").textContent = data.version;
}

interface Line {
  readonly key: string;
  readonly name: string;
  readonly color: string;
}

/** A title, what its lines mean, and the chart. */
function addChart(
  title: string,
  about: string,
  lines: readonly Line[],
): HTMLElement {
  const host = element("div", "chart");
  host.role = "img";
  host.ariaLabel = `${title}: ${about}, over time`;
  const switches = lines.map(({ key, name, color }) => {
    const mark = swatch(color);
    mark.classList.add("line");
    return switchOf("chart", key, mark, name, view, draw);
  });
  place("charts").append(
    element(
      "section",
      "",
      element(
        "div",
        "title",
        element("h2", "", title),
        element("span", "", about),
        ...switches,
      ),
      host,
    ),
  );
  return host;
}

const ABOUT = {
  write: "what was sent to storage or into its cache",
  read: "what was fetched from storage",
  waited: "how many tasks waited for storage, on average",
  stalled: "how much of the time tasks were held up by I/O",
} as const;

function openCharts(): void {
  for (const measure of measuresOf(data, recording)) {
    const disk = {
      ...{ key: diskKey(measure), name: "the disks themselves" },
      color: "var(--text)",
    };
    const host = addChart(
      measure.title,
      ABOUT[measure.id],
      measure.disk === null ? [] : [disk],
    );
    charts.push(openChart(host, stackedSpec(measure, around), around));
  }
  const lines = stallLines({ recording });
  const host = addChart(
    "STALLS",
    ABOUT.stalled,
    lines.map((line) => ({ ...line, color: `var(${line.variable})` })),
  );
  charts.push(openChart(host, stallSpec(around), around));
}

/** The group under the mouse stands out. */
function followFocus(): void {
  const focusOn = (id: number | null): void => {
    if (view.focus === id) return;
    view.focus = id;
    for (const chart of charts) chart.draw();
  };
  for (const list of [place("legend"), place("rows")]) {
    list.addEventListener("mouseover", ({ target }) => {
      const id = (target as Element).closest<HTMLElement>("[data-id]")?.dataset[
        "id"
      ];
      focusOn(id === undefined ? null : Number(id));
    });
    list.addEventListener("mouseleave", () => focusOn(null));
  }
}

function takeHash(): void {
  const piece = parseHash(location.hash);
  view.range =
    piece === null ? wholeRange(recording) : rangeBetween(recording, ...piece);
}

function start(): void {
  fillIn();
  if (recording.length === 0) {
    place("empty").hidden = false;
    return;
  }
  place("page").hidden = false;
  takeHash();
  openCharts();
  draw();
  followFocus();
  place("reset").addEventListener("click", around.reset);
  addEventListener("keydown", ({ key }) => key === "Escape" && around.reset());
  addEventListener("hashchange", () => {
    takeHash();
    draw();
  });
  const redraw = (): void => charts.forEach((chart) => chart.draw());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  // Paper is white.
  matchMedia("print").addEventListener("change", redraw);
}

start();
