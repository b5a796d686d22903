import type { ScheduleDefinition } from "millrace";

const minuteMs = 60_000;

/** Three schedules, one of which missed a time before there was anybody to keep it. */
export function showcaseSchedules(startedAt: number): readonly ScheduleDefinition[] {
  return [
    {
      id: "orders",
      task: "shop.charge",
      input: { customer: "cus_17", cents: 1_990 },
      times: { every: { ms: 2_500 } },
      overlap: "allow",
      // Those that nobody was there for are not charged later, all at once.
      catchUp: "skip",
    },
    {
      id: "nightly-rollup",
      task: "shop.nightly-rollup",
      times: { cron: "30 2 * * *" },
      timeZone: "Europe/Berlin",
      jitterMs: minuteMs,
    },
    {
      id: "price-sync",
      task: "shop.price-sync",
      times: [{ at: startedAt - 10 * minuteMs }, { cron: "15 * * * *" }],
      catchUp: "skip",
    },
  ];
}
