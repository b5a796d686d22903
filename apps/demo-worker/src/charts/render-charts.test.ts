import { describe, expect, it } from "vitest";
import { createProfile } from "../profile/create-profile.ts";
import type { DatasetProfile } from "../profile/dataset-profile.ts";
import { chooseCharts } from "./choose-charts.ts";
import { cleanSvg } from "./clean-svg.ts";
import { renderCharts } from "./render-charts.ts";
import { thinOutline } from "./thin-outline.ts";

function profileOf(rows: readonly Record<string, unknown>[], favourites: readonly string[] = []): DatasetProfile {
  const profile = createProfile({ isTyped: true, favourites });
  for (const row of rows) profile.add(row);
  return profile.finish();
}

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

const everything = range(200).map((index) => ({
  date: new Date(Date.UTC(2020, 0, 1 + Math.floor(index / 4))).toISOString().slice(0, 10),
  longitude: -120 + (index % 20),
  latitude: 33 + (index % 11),
  size: index % 17,
  name: `n${String(index % 3)}<&>"`,
}));

describe("choosing charts", () => {
  it("takes where and when first, then favourites, three at most", () => {
    const kinds = chooseCharts(profileOf(everything), ["name", "size"]).map((plan) => plan.kind);
    expect(kinds).toEqual(["map", "time-line", "top-values"]);
  });

  it("draws the pair that moves together instead of each of its columns", () => {
    const rows = range(80).map((index) => ({ a: index, b: index + (index % 9), c: index % 4 }));
    const plans = chooseCharts(profileOf(rows, ["a", "b", "c"]), ["a", "b", "c"]);
    expect(plans.map((plan) => plan.kind)).toEqual(["relation", "histogram"]);
  });

  it("draws neither ids nor constants nor texts that are all different", () => {
    const rows = range(100).map((index) => ({ id: 1000 + index, same: 7, title: `title ${String(index)}` }));
    expect(chooseCharts(profileOf(rows), [])).toEqual([]);
  });

  it("draws readings as their values and events as their number", () => {
    const readings = range(60).map((month) => ({ date: new Date(Date.UTC(1990, month)).toISOString(), level: month }));
    expect(chooseCharts(profileOf(readings), ["level"])[0]).toMatchObject({ measure: "level", unit: "month" });
    const events = range(60).map((index) => ({
      date: `2020-01-${String(1 + (index % 10) * 2).padStart(2, "0")}`,
      level: 1,
    }));
    const plan = chooseCharts(profileOf([...events, { date: "2020-01-01" }, { date: "2020-01-01" }]), ["text"])[0];
    expect(plan).toMatchObject({ kind: "time-line", measure: null, unit: "day" });
    expect(plan?.kind === "time-line" && plan.points.filter((point) => point.value === 0).length).toBe(9);
  });
});

describe("drawing charts", () => {
  it("gives drawings that take colours and fonts from the page and name nothing", async () => {
    for (const chart of await renderCharts(profileOf(everything), ["name"])) {
      expect(chart.svg).toMatch(/^<svg viewBox="0 0 \d+ \d+" aria-hidden="true">/);
      expect(chart.svg).toContain("var(--c1)");
      expect(chart.svg).not.toMatch(/font-family|xmlns|class=|role=| id=|#[0-9a-f]{3,6}"/);
      expect(chart.alt.length).toBeGreaterThan(40);
    }
  });

  it("escapes the values that it writes into a drawing", async () => {
    const chart = (await renderCharts(profileOf(everything), ["name"])).find(({ kind }) => kind === "top-values");
    expect(chart?.svg).toContain("n0&lt;&amp;&gt;");
    expect(chart?.caption).toContain('n0<&>"');
  });

  it("leaves out what the map cannot show", async () => {
    const far = range(4).map(() => ({ longitude: 145, latitude: 15 }));
    const near = range(300).map((index) => ({ longitude: -120 + (index % 30), latitude: 33 + (index % 11) }));
    const [map] = await renderCharts(profileOf([...near, ...far]), []);
    expect(map?.kind).toBe("map");
    expect(map?.svg).not.toContain('cx="0" cy="0"');
  });
});

describe("cleaning a drawing", () => {
  it("shortens numbers in attributes, never in text", () => {
    const svg = '<svg xmlns="x" viewBox="0 0 9 9"><text x="1.2345" class="a" fill="red">0.125</text></svg>';
    expect(cleanSvg(svg)).toBe('<svg viewBox="0 0 9 9" aria-hidden="true"><text x="1.2" fill="red">0.125</text></svg>');
  });

  it("says once what neighbouring dots have in common", () => {
    const dot = (x: number): string =>
      `<path transform="translate(${String(x)},2)" d="M1.5,0A1.5,1.5,0,1,1,-1.5,0A1.5,1.5,0,1,1,1.5,0" fill="red"/>`;
    expect(cleanSvg(`<svg viewBox="0 0 9 9">${dot(1)}${dot(2)}</svg>`)).toContain(
      '<g fill="red"><circle cx="1" cy="2" r="1.5"/><circle cx="2" cy="2" r="1.5"/></g>',
    );
  });

  it("thins outlines and drops islands smaller than a dot", () => {
    expect(thinOutline("M0,0L0.1,0L5,0L5,5L0,5ZM9,9L9.1,9L9,9.1Z")).toBe("M0,0L5,0L5,5L0,5Z");
    expect(thinOutline("M0,0C1,1,2,2,3,3")).toBe("M0,0C1,1,2,2,3,3");
  });
});
