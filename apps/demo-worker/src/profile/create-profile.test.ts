import { describe, expect, it } from "vitest";
import { createProfile, type ProfileOptions } from "./create-profile.ts";
import type { ColumnProfile, DatasetProfile } from "./dataset-profile.ts";
import { parseDate } from "./parse-date.ts";

function profileOf(rows: readonly Record<string, unknown>[], options: ProfileOptions): DatasetProfile {
  const profile = createProfile(options);
  for (const row of rows) profile.add(row);
  return profile.finish();
}

function columnOf(values: readonly unknown[], isTyped = false): ColumnProfile {
  const [column] = profileOf(
    values.map((value) => ({ value })),
    { isTyped },
  ).columns;
  if (column === undefined) throw new Error("the profile has no column");
  return column;
}

describe("the type of a column", () => {
  it.each([
    ["integer", ["1", "-2", "3000"]],
    ["number", ["1", "-2.5", ".097", "1.5e3"]],
    ["boolean", ["true", "false"]],
    ["date", ["2010-01-31", "2001/01/01 00:47", "Jun 12 1998", "2010-01-01T01:00:00.5+02:00"]],
    ["text", ["a", "b"]],
    ["text", ["10001", "00501"]],
    ["text", ["1E4", "12A", "7"]],
    ["empty", ["", "NA", " "]],
  ])("is %s for untyped %j", (type, values) => {
    expect(columnOf(values).type).toBe(type);
  });

  it("is mixed when a few words stand among the numbers of an untyped file", () => {
    expect(columnOf([...Array.from({ length: 99 }, (_, index) => String(index)), "unknown"]).type).toBe("mixed");
  });

  it("is mixed when JSON has numbers among texts", () => {
    expect(columnOf(["Alien", 300], true)).toMatchObject({ type: "mixed", distinct: { count: 2 } });
  });

  it("leaves JSON text that looks like a number to be text", () => {
    expect(columnOf(["1", "2"], true).type).toBe("text");
  });

  it("takes whole numbers of a column named for time as moments", () => {
    const profile = profileOf([{ time: 1_517_966_773_840, other: 1_517_966_773_840 }], { isTyped: true });
    expect(profile.columns.map((column) => column.type)).toEqual(["date", "integer"]);
  });
});

describe("the profile of a column", () => {
  it("sums up numbers exactly while they are few", () => {
    const column = columnOf(["1", "2", "3", "4", "", "NA"]);
    expect(column.missing).toBe(2);
    expect(column.numbers).toMatchObject({ count: 4, min: 1, max: 4, mean: 2.5, isExact: true });
    expect(column.numbers?.quantiles).toMatchObject({ p05: 1, p50: 2, p95: 3 });
    expect(column.numbers?.deviation).toBeCloseTo(1.291, 3);
  });

  it("says that quantiles of very many values are estimates", () => {
    const column = columnOf(
      Array.from({ length: 6000 }, (_, index) => index + 0.5),
      true,
    );
    expect(column.numbers?.isExact).toBe(false);
    expect(column.distinct.isExact).toBe(false);
    expect(Math.abs((column.numbers?.quantiles.p50 ?? 0) - 3000)).toBeLessThan(30);
  });

  it("counts a row that lacks the column as missing", () => {
    const profile = profileOf([{ a: 1 }, { b: 2 }, { a: null }], { isTyped: true });
    expect(profile.columns.map((column) => [column.name, column.missing])).toEqual([
      ["a", 2],
      ["b", 2],
    ]);
  });

  it("gives the range of dates and the length of texts", () => {
    expect(columnOf(["2020-03-01", "2019-03-01"]).dates).toMatchObject({
      first: Date.UTC(2019, 2),
      last: Date.UTC(2020, 2),
      precision: "month",
      unit: "month",
    });
    expect(columnOf(["a", "abc"]).texts).toEqual({ shortest: 1, longest: 3, meanLength: 2 });
  });

  it("ranks the most frequent values", () => {
    expect(columnOf(["x", "y", "y"]).top.values).toEqual([
      { value: "y", count: 2 },
      { value: "x", count: 1 },
    ]);
  });
});

describe("the profile of a dataset", () => {
  it("has a time line with the means of its numbers", () => {
    const rows = [
      { date: "2020-01-01", t: 1 },
      { date: "2020-01-01", t: 3 },
      { date: "2020-01-02", t: 5 },
    ];
    expect(profileOf(rows, { isTyped: true }).timeLine).toEqual({
      column: "date",
      unit: "day",
      buckets: [
        { at: Date.UTC(2020, 0, 1), rows: 2, means: { t: 2 } },
        { at: Date.UTC(2020, 0, 2), rows: 1, means: { t: 5 } },
      ],
    });
  });

  it("counts places", () => {
    const places = profileOf(
      [
        { Latitude: "40.01", lng: "-74.01" },
        { Latitude: "", lng: "1" },
      ],
      { isTyped: false },
    ).places;
    expect(places?.cells).toEqual([{ longitude: -74.0625, latitude: 40.0625, rows: 1 }]);
  });

  it("finds the favourite columns that move together, coloured by a column of few values", () => {
    const rows = Array.from({ length: 60 }, (_, index) => ({
      weight: index,
      thirst: 100 - index + (index % 7),
      origin: index % 2 === 0 ? "here" : "there",
    }));
    const { relation } = profileOf(rows, { isTyped: true, favourites: ["weight", "thirst"] });
    expect(relation).toMatchObject({ x: "weight", y: "thirst", groupColumn: "origin", isExact: true });
    expect(relation?.r).toBeLessThan(-0.9);
    expect(profileOf(rows, { isTyped: true }).relation).toBeNull();
  });
});

describe("reading dates", () => {
  it.each(["2010-02-30", "2010-13-01", "Foo 12 1998", "2010", "12:30", "2010-1-1"])("refuses %s", (text) => {
    expect(parseDate(text)).toBeNull();
  });

  it("reads a zone", () => {
    expect(parseDate("2020-01-01T02:00:00+02:00")).toBe(Date.UTC(2020, 0, 1));
  });
});
