import { mostFailuresCounted } from "@millrace/models";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ErrorGroup } from "../api/answers.ts";
import { pathPart, send, type ApiProblem } from "../api/request.ts";
import { useToast } from "../controls/toasts.tsx";
import { exactText } from "../format/numbers.ts";

/** What can be said of a group. */
export type MarkVerb = "resolve" | "ignore" | "reopen";

/** After how many more an ignored group comes back: ten times what there are, and no more than stores count. */
export function ignoredUntil({ count }: Pick<ErrorGroup, "count">): number {
  return Math.min(10 * count, mostFailuresCounted);
}

/** Says something of a group for everybody who looks, one at a time; a word at the edge of the page takes it back. */
export function useMark(): {
  readonly busy: boolean;
  mark(group: ErrorGroup, verb: MarkVerb): void;
} {
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();
  const toast = useToast();
  const run = async (group: ErrorGroup, verb: MarkVerb): Promise<void> => {
    const path = `errors/${pathPart(group.key)}/mark`;
    const until = ignoredUntil(group);
    setBusy(true);
    try {
      if (verb === "reopen") await send(path, undefined, { method: "DELETE" });
      else if (verb === "resolve") await send(path, { state: "resolved" });
      else await send(path, { state: "ignored", untilCount: until });
      const undo = { label: "Undo", run: () => void run(group, "reopen") };
      if (verb === "reopen") toast({ text: "Open again.", ms: 3_000 });
      else if (verb === "resolve") toast({ text: "Resolved, until one fails again.", action: undo });
      else toast({ text: `Ignored, until ${exactText(until)} more have failed.`, action: undo });
      await client.invalidateQueries({ queryKey: ["errors"] });
    } catch (error) {
      const { message, fix } = error as ApiProblem;
      toast({ text: `${message} ${fix}`, tone: "bad" });
    } finally {
      setBusy(false);
      stayOnPage();
    }
  };
  return { busy, mark: (group, verb) => void (busy || run(group, verb)) };
}

/** The button that was pressed has gone with its group: who uses keys goes on at the tabs, and not at the top of the page. */
function stayOnPage(): void {
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) {
      document.querySelector<HTMLElement>("main [role=tab][aria-selected=true]")?.focus();
    }
  });
}
