import type { HandlerEntrypoint } from "@millrace/models";
import type { ResolvedOptions } from "../child-process-options.ts";

/** How a child is to be started. Nothing in it comes from a task: only from code and options. */
export interface StartPlan {
  /** Children of one key can stand in for each other. */
  readonly key: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Node and Bun understand each other's JSON only; between equals, plain data of all sorts. */
  readonly serialization: "advanced" | "json";
}

/** What of this process a plan looks at; `process` in life. */
export interface HostRuntime {
  readonly execPath: string;
  readonly execArgv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isBun: boolean;
}

/** The runtime this process is. */
export function hostRuntime(): HostRuntime {
  const { execPath, execArgv, env } = process;
  return { execPath, execArgv, env, isBun: "bun" in process.versions };
}

type StartOptions = Pick<ResolvedOptions, "command" | "args" | "env" | "inheritEnv">;

/** Plans the child of an entrypoint. */
export function startPlan(entrypoint: HandlerEntrypoint, options: StartOptions, host: HostRuntime): StartPlan {
  const runtime = entrypoint.runtime ?? "inherit";
  const command = commandOf(runtime, options.command, host);
  const isBun = command === host.execPath ? host.isBun : /(^|[\\/])bun(\.exe)?$/i.test(command);
  const args = [
    ...inheritedArgs(host, isBun),
    ...(runtime === "inherit" ? options.args : []),
    ...(entrypoint.args ?? []),
  ];
  const env = { ...inheritedEnv(options.inheritEnv, host.env), ...options.env, ...entrypoint.env };
  const { cwd } = entrypoint;
  const serialization = isBun === host.isBun ? "advanced" : "json";
  const own = Object.entries(entrypoint.env ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { key: JSON.stringify([command, args, cwd ?? null, own]), command, args, cwd, env, serialization };
}

function commandOf(runtime: "inherit" | "node" | "bun", command: string | null, host: HostRuntime): string {
  if (runtime === "inherit") return command ?? host.execPath;
  if (runtime === "bun") return host.isBun ? host.execPath : "bun";
  return host.isBun ? "node" : host.execPath;
}

// Loaders and conditions must hold in a child too; a debugger's port or a piece of code to evaluate belong to this process only.
const ownArgs =
  /^(--inspect|--debug-port|--eval|-e$|--print|-p$|-pe$|--check|-c$|--interactive|-i$|--test|--watch|--run|--input-type|--cpu-prof|--heap-prof|--prof)/;
const takesValue = /^(-e|--eval|-p|--print|-pe)$/;

function inheritedArgs(host: HostRuntime, isBun: boolean): readonly string[] {
  const args: string[] = [];
  for (let at = 0; at < host.execArgv.length; at += 1) {
    const arg = host.execArgv[at] ?? "";
    if (takesValue.test(arg)) at += 1;
    else if (!ownArgs.test(arg)) args.push(arg);
  }
  return isBun === host.isBun ? args : conditionsOf(args);
}

/** Another runtime understands little of these arguments; the conditions it does. */
function conditionsOf(args: readonly string[]): readonly string[] {
  return args.flatMap((arg, at) => {
    if (arg.startsWith("--conditions=")) return [arg];
    return arg === "--conditions" || arg === "-C" ? [`--conditions=${args[at + 1] ?? ""}`] : [];
  });
}

/** Without these hardly any program starts or finds its files. */
const neededNames = ["PATH", "Path", "HOME", "TMPDIR", "TEMP", "TMP", "TZ", "LANG", "SystemRoot", "windir"];

function inheritedEnv(inherit: boolean | readonly string[], env: HostRuntime["env"]): Record<string, string> {
  const chosen = typeof inherit === "boolean" ? [] : inherit;
  const names = inherit === true ? Object.keys(env) : [...neededNames, ...chosen];
  const entries = names.map((name): [string, string | undefined] => [name, env[name]]);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
