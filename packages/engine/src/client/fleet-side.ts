import { checkRetentionPolicy, TaskError, type TaskClient, type TaskStore } from "@millrace/models";
import { requiredFacet } from "../services/service-supervisor.ts";
import { checkInteger, checkIntegerOrNull, checkText } from "./option-check.ts";

/** The part of a client that knows of kinds, hosts, limits and the store itself. */
export type FleetSide = Pick<
  TaskClient,
  | "listKinds"
  | "listHosts"
  | "listLimits"
  | "listUnservedKinds"
  | "drain"
  | "setLimit"
  | "listKindLoads"
  | "readActivity"
  | "listEndedTimes"
  | "readStorage"
  | "readHealth"
  | "readRetention"
  | "previewRetention"
>;

/** Makes that part. Its calls reject with `FACET_MISSING` where the store keeps no such list. */
export function createFleetSide(store: TaskStore): FleetSide {
  return {
    listKinds: () => store.kinds(),
    listHosts: async () => requiredFacet(store, "hosts", "listHosts").list(),
    async listLimits(limit = 100) {
      checkInteger("limit", limit, { min: 1, max: 10_000 });
      return requiredFacet(store, "limits", "listLimits").list(limit);
    },
    listUnservedKinds: async () => requiredFacet(store, "hosts", "listUnservedKinds").unserved(),
    listKindLoads: async () => requiredFacet(store, "activity", "listKindLoads").loads(),
    async readActivity({ from, partMs, tenantId }) {
      for (const [path, value, min] of [["from", from, 0] as const, ["partMs", partMs, 1_000] as const]) {
        if (!Number.isSafeInteger(value) || value < min) {
          throw new TaskError("QUERY_INVALID", `${path} must be a whole number from ${min} up.`, { details: { path } });
        }
      }
      const scope = tenantId === undefined ? {} : { tenantId };
      return requiredFacet(store, "activity", "readActivity").read({ from, partMs, ...scope });
    },
    async listEndedTimes({ limit, tenantId }) {
      checkInteger("limit", limit, { min: 1, max: 1_000 });
      const scope = tenantId === undefined ? {} : { tenantId };
      return requiredFacet(store, "activity", "listEndedTimes").ended({ limit, ...scope });
    },
    readStorage: async () => requiredFacet(store, "storage", "readStorage").read(),
    readRetention: async () => requiredFacet(store, "retention", "readRetention").lastSweep(),
    async previewRetention(policy) {
      checkRetentionPolicy(policy, "policy");
      return requiredFacet(store, "retention", "previewRetention").preview(policy);
    },
    readHealth: async (options) => requiredFacet(store, "health", "readHealth").look(options),
    async drain(hostId, drain = true) {
      checkText("hostId", hostId, { maxLength: 500 });
      return requiredFacet(store, "hosts", "drain").drain(hostId, drain);
    },
    async setLimit(scope, limit, { by = null } = {}) {
      checkIntegerOrNull("limit", limit, { min: 1, max: 1_000_000_000 });
      await requiredFacet(store, "limits", "setLimit").setLimit(scope, limit, by);
    },
  };
}
