import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { createDashboardHandler } from "./index.ts";
import { createPageHandler } from "./page/create-page-handler.ts";
import { readPageFiles } from "./page/page-files.ts";
import { placeOf } from "./page/place-of.ts";
import { resolveDashboard, type DashboardOptions } from "./dashboard-options.ts";

const index =
  '<title>Millrace</title><meta name="millrace-settings" content="" /><script src="./theme.js"></script><script type="module" src="./assets/main-1.js"></script>';

async function builtPage(): Promise<AsyncDisposable & { readonly folder: URL }> {
  const path = await mkdtemp(join(tmpdir(), "millrace-ui-"));
  await mkdir(join(path, "assets"));
  await writeFile(join(path, "index.html"), index);
  await writeFile(join(path, "theme.js"), "theme()");
  await writeFile(join(path, "assets", "main-1.js"), "main();".repeat(200));
  await writeFile(join(path, "assets", "licences.md"), "not served");
  return {
    folder: pathToFileURL(`${path}/`),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

function handlerOf(folder: URL, options: Partial<DashboardOptions> = {}): (request: Request) => Promise<Response> {
  const api = async (request: Request): Promise<Response> => new Response(`api ${new URL(request.url).pathname}`);
  return createPageHandler(resolveDashboard({ api, ...options }), () => readPageFiles(folder));
}

const ask = (path: string, init: RequestInit = {}): Request => new Request(`https://example.com${path}`, init);

describe("the handler", () => {
  it.each(["/", "/ops/", "/a/b/c/", "/app/v1/ops/"])("serves page, files and API under %s", async (mount) => {
    await using page = await builtPage();
    const handler = handlerOf(page.folder);
    expect(await (await handler(ask(mount))).text()).toContain("<title>Millrace</title>");
    expect(await (await handler(ask(`${mount}theme.js`))).text()).toBe("theme()");
    const script = await handler(ask(`${mount}assets/main-1.js`));
    expect(script.headers.get("cache-control")).toContain("immutable");
    expect(await script.text()).toContain("main();");
    expect(await (await handler(ask(`${mount}api/v1/tasks`))).text()).toBe(`api ${mount}api/v1/tasks`);
    expect(await (await handler(ask(`${mount}api/v1`, { method: "POST" }))).text()).toBe(`api ${mount}api/v1`);
  });

  it("leads to the page where the last slash is missing, without a word of what stands before", async () => {
    await using page = await builtPage();
    const answer = await handlerOf(page.folder)(ask("/team/ops"));
    expect([answer.status, answer.headers.get("location")]).toEqual([307, "./ops/"]);
  });

  it("answers nothing but GET, and nothing that is not of the page", async () => {
    await using page = await builtPage();
    const handler = handlerOf(page.folder);
    expect((await handler(ask("/ops/", { method: "POST" }))).status).toBe(405);
    for (const path of [
      "/ops/favicon.ico",
      "/ops/assets/../../etc.passwd",
      "/ops/assets/licences.md",
      "/ops/assets/%2e%2e.js",
    ]) {
      expect((await handler(ask(path))).status).toBe(404);
    }
  });

  it("sends files packed to those who read that", async () => {
    await using page = await builtPage();
    const answer = await handlerOf(page.folder)(
      ask("/assets/main-1.js", { headers: { "accept-encoding": "br, gzip" } }),
    );
    expect([answer.headers.get("content-encoding"), answer.headers.get("vary")]).toEqual(["gzip", "accept-encoding"]);
    expect((await answer.arrayBuffer()).byteLength).toBeLessThan(200);
  });

  it("S7: lets no inline script, no foreign request and no frame in, and shows its title as text", async () => {
    await using page = await builtPage();
    const handler = handlerOf(page.folder, {
      title: `</title><script>alert("$&")</script>`,
      environment: { name: `"'<&`, tone: "danger" },
    });
    const answer = await handler(ask("/"));
    expect(answer.headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    const html = await answer.text();
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).toContain("&lt;script&gt;alert(&quot;$&amp;&quot;)");
    const settings = /content="([^"]*)"/
      .exec(html)?.[1]
      ?.replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&lt;", "<")
      .replaceAll("&amp;", "&");
    expect(JSON.parse(settings ?? "")).toMatchObject({ environment: { name: `"'<&`, tone: "danger" } });
  });

  it("says that the page has not been built, and finds it once it has", async () => {
    await using page = await builtPage();
    let folder = new URL("none/", page.folder);
    const handler = createPageHandler(resolveDashboard({ api: async () => new Response() }), () =>
      readPageFiles(folder),
    );
    const before = await handler(ask("/"));
    expect([before.status, await before.text()]).toEqual([503, expect.stringContaining("has not been built")]);
    folder = page.folder;
    expect((await handler(ask("/"))).status).toBe(200);
  });
});

it("keeps to the path it was given", () => {
  const types = (paths: readonly string[], base: string | null): readonly string[] =>
    paths.map((path) => placeOf(path, base).type);
  const paths = [
    "/api/v1/ops/",
    "/api/v1/ops/api/v1/tasks",
    "/api/v1/ops",
    "/api/v1/ops/assets/a.js",
    "/api/v1/ops/x/",
    "/api/v1/opsx/",
  ];
  expect(types(paths, "/api/v1/ops")).toEqual(["page", "api", "file", "file", "unknown", "unknown"]);
  expect(types(["/api/v1x/", "/x/api/v12"], null)).toEqual(["page", "file"]);
});

it.each<[string, object]>([
  ["api", {}],
  ["api", { api: 5 }],
  ["title", { api: async () => new Response(), title: "" }],
  ["basePath", { api: async () => new Response(), basePath: "ops" }],
  ["basePath", { api: async () => new Response(), basePath: "/a?b" }],
  ["environment.tone", { api: async () => new Response(), environment: { name: "X", tone: "pink" } }],
  ["authorise", { api: async () => new Response(), authorise: 1 }],
])("refuses %s as it is in %o", (name, options) => {
  expect(() => createDashboardHandler(options as DashboardOptions)).toThrow(`createDashboardHandler: ${name} `);
});

it("S1: options of an API that would be open to everybody are refused", () => {
  expect(() => createDashboardHandler({ api: { client: {} } as never })).toThrow(/authorize/);
});
