import type { Clock, HealthFacet, Logger } from "@millrace/models";

const tellAgainMs = 600_000;

/** Says in the log what is wrong with the database under a store, each thing at most once in ten minutes. */
export function createHealthReport(
  facet: HealthFacet,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): () => Promise<void> {
  const toldAt = new Map<string, number>();
  return async () => {
    const { horizon, findings } = await facet.look();
    const now = clock.monotonic();
    for (const { code, message, fix } of findings) {
      const subject = `${code} ${horizon?.pid ?? ""} ${horizon?.name ?? ""}`;
      const last = toldAt.get(subject);
      if (last !== undefined && now - last < tellAgainMs) continue;
      toldAt.set(subject, now);
      logger.warn(message, { code, fix, ...(code === "HORIZON_HELD" ? { horizon } : {}) });
    }
    for (const [subject, at] of toldAt) if (now - at >= tellAgainMs) toldAt.delete(subject);
  };
}
