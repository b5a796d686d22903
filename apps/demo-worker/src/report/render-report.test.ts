import { describe, expect, it } from "vitest";
import type { Dataset } from "../datasets/dataset.ts";
import { createProfile } from "../profile/create-profile.ts";
import type { DatasetFailure, DatasetResult } from "../results/dataset-result.ts";
import { findOddities } from "./find-oddities.ts";
import { html } from "./html.ts";
import { loadReportStyle } from "./load-report-style.ts";
import { renderReport } from "./render-report.ts";

const aDataset = (changes: Partial<Dataset> = {}): Dataset => ({
  name: "cars",
  title: "Cars",
  file: "cars.json",
  format: "json",
  sentence: "Some cars.",
  source: { name: "StatLib", url: "http://lib.example/?a=1&b=2" },
  favourites: [],
  ...changes,
});

function aResult(rows: readonly Record<string, unknown>[], changes: Partial<Dataset> = {}): DatasetResult {
  const profile = createProfile({ isTyped: true });
  for (const row of rows) profile.add(row);
  const chart = {
    kind: "histogram",
    title: "power",
    caption: "A caption.",
    alt: 'Say "power"',
    svg: "<svg></svg>",
  } as const;
  const times = { startedAt: 1000, finishedAt: 2500, attempt: 1, bytes: 1234 };
  return { dataset: aDataset(changes), ...times, profile: profile.finish(), charts: [chart] };
}

const aFailure: DatasetFailure = {
  dataset: aDataset({ name: "jobs", title: "Jobs", keepShare: 0.5 }),
  reason: "jobs.json is damaged in row 12.",
  attempts: [1, 2].map((attempt) => ({
    attempt,
    startedAt: attempt * 1000,
    finishedAt: attempt * 1000 + 400,
    message: "jobs.json is damaged in row 12.",
    damage: { file: "jobs.json", problem: "cut", row: 12, line: 34, byte: 567, excerpt: '{"job": "<b>' },
  })),
};

const aReport = (results: readonly DatasetResult[], failures: readonly DatasetFailure[] = []): string =>
  renderReport({ runId: "run-1", startedAt: 0, finishedAt: 8000, results, failures }, "body{}");

const nasty = '<script>alert("x")</script>';

describe("the report", () => {
  it("escapes whatever comes from a file", () => {
    const page = aReport(
      [aResult([{ [nasty]: nasty }, { [nasty]: nasty }, { [nasty]: nasty }], { title: nasty })],
      [aFailure],
    );
    expect(page).not.toContain("<script");
    expect(page).not.toContain('<b>"');
    expect(page).toContain("&lt;script&gt;");
    expect(page).toContain('aria-label="Say &quot;power&quot;"');
    expect(page).toContain('href="http://lib.example/?a=1&amp;b=2"');
  });

  it("asks for nothing from outside", async () => {
    const page = renderReport(
      { runId: "r", startedAt: 0, finishedAt: 1, results: [aResult([{ a: 1 }])], failures: [] },
      await loadReportStyle(),
    );
    expect(page).not.toMatch(/<script|<iframe|<img|@import|url\(|\ssrc=/);
    expect(page).toContain("default-src 'none'");
    expect([...page.matchAll(/<link[^>]*href="([^"]*)"/g)].map((match) => match[1])).toEqual(["data:,"]);
  });

  it("has a chapter for each dataset and a link to each from the top", () => {
    const page = aReport([aResult([{ a: 1 }, { a: 2 }])], [aFailure]);
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]);
    expect(targets).toEqual(["cars", "jobs"]);
    for (const target of targets) expect(page).toContain(`id="${target ?? ""}"`);
  });

  it("tells what failed, where, and how often it was tried", () => {
    const page = aReport([aResult([{ a: 1 }])], [aFailure]);
    expect(page).toContain("What failed, and why");
    expect(page).toContain("jobs.json is damaged in row 12.");
    expect(page).toContain("<b>Attempt 2</b>");
    expect(page).toMatch(/<dt>Line<\/dt>\s*<dd>34<\/dd>/);
    expect(page).toContain("one file that could not be");
    expect(aReport([aResult([{ a: 1 }])])).not.toContain("What failed");
  });

  it("bears a run in which everything failed", () => {
    const page = aReport([], [{ ...aFailure, attempts: [] }]);
    expect(page).toContain("No dataset could be finished");
    expect(page).not.toContain("NaN");
  });

  it("marks estimates", () => {
    const rows = Array.from({ length: 6000 }, (_, index) => ({ id: index + 0.5 }));
    const page = aReport([aResult(rows)]);
    expect(page).toContain("≈ ");
  });
});

describe("oddities", () => {
  const odditiesOf = (rows: readonly Record<string, unknown>[]): readonly string[] =>
    findOddities(aResult(rows).profile, Date.UTC(2026, 0));

  it("name mixed types, dates to come, constants and holes", () => {
    expect(odditiesOf([{ a: 1 }, { a: "x" }])).toEqual(["a holds numbers in 1 of its 2 rows and text in the others."]);
    expect(odditiesOf([{ a: "2046-12-31" }])).toEqual(["a reaches into the future, to 31 December 2046."]);
    expect(odditiesOf([{ a: "x" }, { a: "x" }])).toEqual(["a has a single value: x."]);
    expect(odditiesOf([{ a: "x", b: 1 }, { b: 2 }, { b: 3 }])).toContain("a is missing in 67% of the rows.");
  });

  it("name only the farthest value", () => {
    const rows = Array.from({ length: 1000 }, (_, index) => ({ a: index % 20, b: index % 20 }));
    const oddities = odditiesOf([...rows, { a: 5000, b: 100_000 }]);
    expect(oddities).toEqual(["b once reaches 100,000, while 95% of its values are at most 19."]);
  });
});

describe("the template", () => {
  it("escapes text, keeps markup, and leaves out nothing's place", () => {
    expect(html`<p title="${'"'}">${"<"}${html`<b>${1}</b>`}${null}${false}${["a", "&"]}</p>`.markup).toBe(
      '<p title="&quot;">&lt;<b>1</b>a&amp;</p>',
    );
  });
});
