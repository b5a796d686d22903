/** What a path asks for. */
export type Place =
  | { readonly type: "api" }
  | { readonly type: "page"; readonly name: "" }
  /** `name`: `assets/…` or the last part of the path. */
  | { readonly type: "file"; readonly name: string }
  | { readonly type: "unknown" };

const marker = "/api/v1";

/** Says what a path asks for, wherever the page was mounted. Pure. */
export function placeOf(path: string, basePath: string | null): Place {
  if (basePath !== null) {
    if (path !== basePath && !path.startsWith(`${basePath}/`)) return { type: "unknown" };
    const rest = path.slice(basePath.length);
    if (isApi(rest, 0)) return { type: "api" };
    if (rest === "/") return { type: "page", name: "" };
    return rest === "" || isFile(rest) ? fileOf(path) : { type: "unknown" };
  }
  for (let at = path.indexOf(marker); at !== -1; at = path.indexOf(marker, at + 1)) {
    if (isApi(path, at)) return { type: "api" };
  }
  return path.endsWith("/") ? { type: "page", name: "" } : fileOf(path);
}

function isApi(path: string, at: number): boolean {
  if (!path.startsWith(marker, at)) return false;
  const next = path[at + marker.length];
  return next === undefined || next === "/";
}

function isFile(rest: string): boolean {
  return /^\/(?:assets\/)?[^/]+$/.test(rest);
}

function fileOf(path: string): Place {
  const assets = path.lastIndexOf("/assets/");
  const name = assets === -1 ? path.slice(path.lastIndexOf("/") + 1) : path.slice(assets + 1);
  return { type: "file", name };
}
