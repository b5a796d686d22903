import type { StorageReport, StoreHealth } from "@millrace/models";
import type { HostSums } from "../overview/fleet-facts.ts";
import type { Overview } from "../overview/overview.ts";
import { attentionCheck } from "./attention-check.ts";

/** How something can stand, the worst first. */
const verdicts = ["problem", "warning", "unknown", "ok"] as const;

/** Something that was looked at, and what to do about it. */
export interface DoctorCheck {
  readonly name: "store" | "schema" | "database" | "hosts" | "kinds" | "dispatch" | "paused";
  readonly verdict: (typeof verdicts)[number];
  readonly message: string;
  /** Null where there is nothing to be done. */
  readonly fix: string | null;
}

/** What an attempt to learn something brought: `absent` = the store has no such part. */
export type Looked<Answer> =
  | { readonly type: "told"; readonly value: Answer }
  | { readonly type: "absent" }
  | { readonly type: "failed"; readonly detail: string; readonly fix: string };

/** What checks are made from. */
export interface DoctorFacts {
  /** How long the store took to answer, in ms. */
  readonly answeredMs: number;
  readonly storage: Looked<StorageReport>;
  /** Of a thorough look. */
  readonly health: Looked<StoreHealth>;
  readonly overview: Looked<Pick<Overview, "now" | "attention" | "kinds" | "hosts">>;
}

const slowMs = 500;
const longPausedMs = 86_400_000;

/** What is to be said of a deployment, the worst first. Pure. */
export function doctorChecks(facts: DoctorFacts): readonly DoctorCheck[] {
  const checks = [store(facts.answeredMs), ...schema(facts.storage), ...database(facts.health), ...fleet(facts)];
  return verdicts.flatMap((verdict) => checks.filter((check) => check.verdict === verdict));
}

function store(answeredMs: number): DoctorCheck {
  const fine = ok("store", `The store answers in ${Math.round(answeredMs)} ms.`);
  return answeredMs < slowMs ? fine : { ...fine, verdict: "warning", fix: "See what keeps the database busy." };
}

function schema(storage: DoctorFacts["storage"]): readonly DoctorCheck[] {
  if (storage.type !== "told") return unknown("schema", storage);
  const { schemaVersion, schemaNeeded } = storage.value;
  const message = `The schema is of version ${schemaVersion}; this process needs ${schemaNeeded}.`;
  if (schemaVersion === schemaNeeded) return schemaVersion === null ? [] : [ok("schema", message)];
  return [{ ...ok("schema", message), verdict: "warning", fix: "Deploy one version everywhere." }];
}

function database(health: DoctorFacts["health"]): readonly DoctorCheck[] {
  if (health.type !== "told") return unknown("database", health);
  return orFine(
    health.value.findings.map(({ message, fix }) => ({ ...ok("database", message), verdict: "problem", fix })),
    ok("database", "All tables and indexes are there and whole."),
  );
}

function fleet({ overview }: DoctorFacts): readonly DoctorCheck[] {
  if (overview.type !== "told") return unknown("kinds", overview);
  const { now, attention, hosts } = overview.value;
  const waiting = attention.flatMap((one) => attentionCheck(one, now) ?? []);
  return [
    // Without a list of hosts nobody can say who serves what.
    ...(hosts ? [anyHosts(hosts), ...orFine(waiting, ok("dispatch", "No due task waits for long."))] : []),
    ...orFine(paused(overview.value), ok("paused", "None is forgotten.")),
  ];
}

function orFine(found: readonly DoctorCheck[], fine: DoctorCheck): readonly DoctorCheck[] {
  return found.length > 0 ? found : [fine];
}

function anyHosts({ live, late }: HostSums): DoctorCheck {
  const fine = ok("hosts", `Hosts that take tasks: ${live + late}.`);
  return live + late > 0 ? fine : { ...fine, verdict: "problem", fix: "Start a host." };
}

function paused({ now, kinds }: Pick<Overview, "now" | "kinds">): readonly DoctorCheck[] {
  return kinds.flatMap((row): readonly DoctorCheck[] => {
    if (row.paused === null || now - row.paused.at <= longPausedMs) return [];
    const { at, by } = row.paused;
    const days = Math.floor((now - at) / longPausedMs);
    const message = `The kind ${row.kind} has been paused for ${days} days by ${by ?? "somebody"}.`;
    return [{ ...ok("paused", message), verdict: "warning", fix: "Resume it." }];
  });
}

function ok(name: DoctorCheck["name"], message: string): DoctorCheck {
  return { name, verdict: "ok", message, fix: null };
}

/** What could not be looked at; nothing where the store has no such part. Pure. */
export function unknown(
  name: DoctorCheck["name"],
  looked: Exclude<Looked<unknown>, { type: "told" }>,
  verdict: DoctorCheck["verdict"] = "unknown",
): readonly DoctorCheck[] {
  return looked.type === "absent" ? [] : [{ ...ok(name, looked.detail), verdict, fix: looked.fix }];
}
