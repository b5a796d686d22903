import { createTaskHttpHandler, type TaskHttpHandler, type TaskHttpOptions } from "@millrace/http";

/** Where the page stands, for people: a badge beside its name. */
export interface DashboardEnvironment {
  /** Such as `PROD`; 1 to 20 characters. */
  readonly name: string;
  /** `danger` also tints what asks before it removes something. @defaultValue "calm" */
  readonly tone?: "calm" | "careful" | "danger";
}

/** How a dashboard is made. */
export interface DashboardOptions {
  /** What answers for the tasks: a handler of `@millrace/http`, or what one is made of. It decides who may see and do what. */
  readonly api: TaskHttpHandler | TaskHttpOptions;
  /**
   * The path it is mounted at, such as `/ops`, as this process sees it; anything else is then a 404. Needed only where the mount
   * itself holds `/api/v1`. @defaultValue wherever it is asked for
   */
  readonly basePath?: string;
  /** What the page calls itself; 1 to 60 characters. @defaultValue "Millrace" */
  readonly title?: string;
  readonly environment?: DashboardEnvironment;
}

/** Options, checked and filled. */
export interface ResolvedDashboard {
  readonly api: TaskHttpHandler;
  /** Without a slash at its end; null = anywhere. */
  readonly basePath: string | null;
  /** What the page is told of itself. */
  readonly page: {
    readonly title: string;
    readonly environment: Required<DashboardEnvironment> | null;
  };
}

const names: readonly string[] = ["api", "basePath", "title", "environment"];
const tones: readonly string[] = ["calm", "careful", "danger"];

/** Checks options. @throws `OPTION_INVALID` (that of the API), or a `TypeError` that names the option and the way out */
export function resolveDashboard(options: DashboardOptions): ResolvedDashboard {
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw refused(name, `is no known option; known are ${names.join(", ")}`);
  }
  const { api, basePath, title = "Millrace", environment } = options;
  if (typeof api !== "function" && (typeof api !== "object" || api === null)) {
    throw refused("api", "must be a handler of @millrace/http, or the options of one");
  }
  if (!isText(title, 60)) throw refused("title", "must have 1 to 60 characters");
  return {
    api: typeof api === "function" ? api : createTaskHttpHandler(api),
    basePath: basePath === undefined ? null : checkedBase(basePath),
    page: { title, environment: environment === undefined ? null : checkedEnvironment(environment) },
  };
}

function checkedBase(basePath: string): string {
  const isGood = isText(basePath, 500) && basePath.startsWith("/") && !/[?#\\]|\/\//.test(basePath);
  if (!isGood) throw refused("basePath", "must be a path such as /ops");
  return basePath.endsWith("/") ? basePath.slice(0, -1) : basePath;
}

function checkedEnvironment({ name, tone = "calm" }: DashboardEnvironment): Required<DashboardEnvironment> {
  if (!isText(name, 20)) throw refused("environment.name", "must have 1 to 20 characters");
  if (!tones.includes(tone)) throw refused("environment.tone", `must be one of ${tones.join(", ")}`);
  return { name, tone };
}

function isText(value: unknown, most: number): value is string {
  return typeof value === "string" && value.length >= 1 && value.length <= most;
}

function refused(name: string, why: string): TypeError {
  return new TypeError(`createDashboardHandler: ${name} ${why}.`);
}
