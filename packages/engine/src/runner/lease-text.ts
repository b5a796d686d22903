import type { Lease } from "@millrace/models";

/** Leases as one text: a line each, its parts apart by spaces, of which ids and tokens have none. */
export function leasesToText(leases: readonly Lease[]): string {
  let text = "";
  for (const { taskId, attempt, leaseToken } of leases) text += `${taskId} ${attempt} ${leaseToken}\n`;
  return text;
}

/** The leases of such a text. */
export function leasesOfText(text: string): readonly Lease[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const [taskId = "", attempt = "", leaseToken = ""] = line.split(" ");
      return { taskId, attempt: Number(attempt), leaseToken };
    });
}
