import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createHost, defineTask, scheduler } from "millrace";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDoorkeeper, isLoopback } from "./access.ts";
import { openFileAuditLog } from "./file-audit-log.ts";
import { readSettings } from "./settings.ts";
import { startDashboard, type DashboardServerOptions } from "./start-dashboard.ts";

const token = "correct horse battery";
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-dashboard-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function served(options: Partial<DashboardServerOptions>, work: (url: string) => Promise<void>): Promise<void> {
  const schedules = scheduler({ follow: false });
  const tasks = [defineTask({ kind: "work", run: () => null })];
  await using host = createHost({ path: ":memory:", tasks, services: [schedules] });
  await host.start();
  const server = await startDashboard({ host, schedules, hostname: "127.0.0.1", port: 0, token: null, ...options });
  try {
    await work(server.url);
  } finally {
    await server.close();
  }
}

/** The status of an answer to a request that names another host. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

describe("who is let in", () => {
  it("S1: without a token whoever is on this machine, but no name from elsewhere that leads here", async () => {
    await served({}, async (url) => {
      expect((await fetch(`${url}api/v1`)).status).toBe(200);
      expect(await statusFor(`${url}api/v1`, "evil.example:80")).toBe(401);
      expect(await statusFor(`${url}api/v1/tasks`, "localhost.evil.example")).toBe(401);
      expect(await statusFor(url, "evil.example")).toBe(401);
    });
  });

  it("S1: with a token only who brings it, by header or in the browser's own dialog", async () => {
    await served({ token }, async (url) => {
      const ask = async (authorization: string, path = "api/v1"): Promise<Response> =>
        fetch(url + path, { headers: authorization === "" ? {} : { authorization } });
      const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;
      expect((await ask("", "")).headers.get("www-authenticate")).toContain("Basic");
      for (const wrong of [
        "",
        "Bearer nonsense",
        `Bearer ${token}x`,
        basic("ann:nope"),
        basic(token),
        "Basic %%%",
        token,
      ]) {
        expect([wrong, (await ask(wrong)).status]).toEqual([wrong, 401]);
      }
      expect((await ask(`Bearer ${token.replaceAll(" ", "-")}`)).status).toBe(401);
      expect(await (await ask(basic(`ann:${token}`))).json()).toMatchObject({ user: "ann" });
    });
  });

  it("S1: takes names of nobody but people", () => {
    const door = createDoorkeeper(token);
    const headers = { authorization: `Basic ${Buffer.from(`<b>\u0000:${token}`).toString("base64")}` };
    expect(door(new Request("http://x/", { headers }))?.user).toBe("?b??");
    expect(["127.0.0.1", "localhost", "::1", "127.9.9.9"].every(isLoopback)).toBe(true);
    expect(["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.evil.example"].some(isLoopback)).toBe(false);
  });

  it.each([
    [{ hostname: "0.0.0.0" }, "can be reached from other machines"],
    [{ token: "short" }, "it needs 16 or more"],
    [{ hostname: "no-such-name.invalid", token }, "cannot listen at"],
  ])("S1: %j is refused: %s", async (options, why) => {
    await expect(served(options, async () => {})).rejects.toThrow(why);
  });

  it("says that a port is taken", async () => {
    await served({}, async (url) => {
      await expect(served({ port: Number(new URL(url).port) }, async () => {})).rejects.toThrow("is taken");
    });
  });
});

it("S20: an audit in a file is there after a restart, also when its last line was cut", async () => {
  const path = join(folder, "logs", "audit.jsonl");
  const auditLog = await openFileAuditLog(path);
  await served({ auditLog }, async (url) => {
    await fetch(`${url}api/v1/kinds/work/pause`, { method: "POST" });
  });
  await (await import("node:fs/promises")).appendFile(path, '{"action":"re');
  const { entries } = await (await openFileAuditLog(path)).read({ limit: 10 });
  expect(entries).toMatchObject([{ user: "local", action: "pause", outcome: "done" }]);
});

describe("the command line", () => {
  it.each<[args: readonly string[], env: Readonly<Record<string, string>>, why: string]>([
    [["--port", "http"], {}, "--port must be"],
    [["--port", "70000"], {}, "--port must be"],
    [["--sqlite", "a", "--verbose"], {}, "--verbose"],
    [["--sqlite", "a"], { DATABASE_URL: "postgres://x" }, "Leave one out"],
  ])("%j %j is refused: %s", (args, env, why) => {
    expect(() => readSettings(args, env)).toThrow(why);
  });

  it("says what is missing, and how to name it", () => {
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const args = ["--conditions=@millrace/source", main, "--sqlite", join(folder, "none.sqlite")];
    const { status, stderr } = spawnSync(process.execPath, args, {
      encoding: "utf8",
      env: { ...process.env, DATABASE_URL: "" },
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining("--sqlite")]);
  });
});
