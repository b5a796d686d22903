import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRandom } from "@millrace/models";
import { afterEach, beforeEach, expect, it } from "vitest";
import { betterSqlite3Driver } from "../driver/better-sqlite3-driver.ts";
import { openWriter } from "./open-connection.ts";
import { tableNames } from "./table-names.ts";
import { canShareWrites, sqliteVersion } from "./writer-lock.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("knows the versions of SQLite that cannot take a second writer", () => {
  for (const version of ["3.7.0", "3.46.1", "3.51.2", "3.52.0"]) expect(canShareWrites(version), version).toBe(false);
  for (const version of ["3.51.3", "3.52.1", "3.53.0", "3.54.1", "4.0.0"]) {
    expect(canShareWrites(version), version).toBe(true);
  }
  expect(canShareWrites(sqliteVersion(betterSqlite3Driver))).toBe(true);
});

const open = (version: string): ReturnType<typeof openWriter> =>
  openWriter({
    path: join(folder, "tasks.sqlite"),
    driver: betterSqlite3Driver,
    names: tableNames("millrace_"),
    prefix: "millrace_",
    relaxedDurability: false,
    cacheBytes: 1_048_576,
    migrate: true,
    random: systemRandom,
    version,
  });

it("refuses a second writer on such a version until the first has gone", () => {
  const first = open("3.52.0");
  expect(() => open("3.52.0")).toThrow(expect.objectContaining({ code: "STORE_SECOND_WRITER" }) as Error);
  first.close();
  open("3.52.0").close();
});

it("takes a second writer on every other version", () => {
  const first = open("3.54.1");
  open("3.54.1").close();
  first.close();
});
