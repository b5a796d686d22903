import type { KindRegistration } from "@millrace/models";

/** What a host says of kind `work` when it starts. */
export function aKind(change: Partial<KindRegistration> = {}): KindRegistration {
  return {
    type: "register",
    kind: "work",
    version: 1,
    inputSchema: null,
    limit: null,
    rate: null,
    fairness: "none",
    ...change,
  };
}
