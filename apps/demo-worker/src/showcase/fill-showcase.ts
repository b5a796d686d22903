import type { EnqueueItem, EnqueueOptions, TaskClient } from "@millrace/models";

const hourMs = 3_600_000;

/** Brings the shop's tasks into every state that does not come by itself. What is open since an earlier start is not made again. */
export async function fillShowcase(host: Pick<TaskClient, "enqueueMany" | "cancel" | "pause">): Promise<void> {
  await host.pause({ kind: "shop.send-newsletter" }, { by: "mia", why: "the mailing list is being cleaned up" });
  const made = await host.enqueueMany(items());
  const unwanted = made.find(({ task }) => task.tags.includes("unwanted"));
  if (unwanted) await host.cancel(unwanted.task.id, "the customer changed their mind", { by: "mia" });
}

function items(): readonly EnqueueItem[] {
  const charges = Array.from({ length: 24 }, (_, n) => ({
    kind: "shop.charge",
    input: { customer: `cus_${n % 7}`, cents: 500 + 137 * n },
    options: { tags: ["first-orders"] },
  }));
  const photos = Array.from({ length: 5 }, (_, n) => once(`photo ${n}`, "shop.resize-photo", { seconds: 45 }));
  const letters = Array.from({ length: 3 }, (_, n) => once(`letter ${n}`, "shop.send-newsletter", { list: n }));
  const faxes = Array.from({ length: 4 }, (_, n) => once(`fax ${n}`, "shop.send-fax", { page: n }));
  const later = { delayMs: hourMs };
  return [
    ...charges,
    ...photos,
    ...letters,
    // No host has ever served this kind.
    ...faxes,
    once("import", "shop.import-orders", { file: "orders.csv" }),
    once("report", "shop.yearly-report", { year: 2_025 }),
    once("refund", "shop.refund", { order: "order 4711" }),
    once("stock", "shop.stock-sync", null),
    withOptions(once("later", "shop.nightly-rollup", null), later),
    withOptions(once("unwanted", "shop.resize-photo", { seconds: 5 }), { ...later, tags: ["unwanted"] }),
  ];
}

type KindItem = Extract<EnqueueItem, { readonly kind: string }>;

/** Not made again while it is open. */
function once(key: string, kind: string, input: unknown): KindItem {
  return { kind, input, options: { allowUnknownKinds: true, dedupeKey: `showcase:${key}` } };
}

function withOptions(item: KindItem, options: EnqueueOptions): EnqueueItem {
  return { ...item, options: { ...item.options, ...options } };
}
