import { LeftOutError } from "./left-out-error.ts";
import { suites } from "../suites/all-suites.ts";
import type { VariantReply } from "./run-variant.ts";

// The measuring process: runs one variant once, says what it measured, and waits to be ended.
const [suiteName, variantName, scale, folder, postgresUrl = ""] = process.argv.slice(2);
const reply = (message: VariantReply): void => void process.send?.(message);

try {
  const variant = suites.find((suite) => suite.name === suiteName)?.variants[variantName ?? ""];
  if (!variant || !folder) throw new Error(`There is no variant ${suiteName} / ${variantName}.`);
  reply({ type: "figures", figures: await variant({ folder, scale: Number(scale), postgresUrl }) });
} catch (error) {
  if (error instanceof LeftOutError) reply({ type: "left-out", why: error.message });
  else reply({ type: "failed", stack: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
