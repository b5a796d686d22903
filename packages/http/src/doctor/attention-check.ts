import type { EpochMs } from "@millrace/models";
import type { Attention } from "../overview/attention.ts";
import type { DoctorCheck } from "./doctor-checks.ts";

/** What calls for attention in words, with its way out; null where it is not about tasks that wait for a host. Pure. */
export function attentionCheck(attention: Attention, now: EpochMs): DoctorCheck | null {
  if (!("queued" in attention)) return null;
  const { code, severity, kind, queued, since } = attention;
  const isServed = code !== "unserved";
  // Why one waits (a limit, a rate, a key, full hosts), only that one can say.
  const minutes = Math.floor((now - since) / 60_000);
  return {
    name: isServed ? "dispatch" : "kinds",
    verdict: severity === "bad" ? "problem" : "warning",
    message: `Tasks of the kind ${kind} (${queued}) have been due for ${minutes} min.`,
    fix: isServed ? "Open one to see why it waits." : "No live host has it: start one.",
  };
}
