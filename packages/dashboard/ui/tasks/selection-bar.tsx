import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useAbout, obstacleOf } from "../api/use-about.ts";
import { ActionButton } from "../controls/action-button.tsx";
import { Dialog } from "../controls/dialog.tsx";
import { useToast } from "../controls/toasts.tsx";
import { atLeastText, plural } from "../format/numbers.ts";
import { lineText, shortId } from "../format/texts.ts";
import { useHotkeys } from "../shell/hotkeys.ts";
import { actOnMany } from "./act-on-many.ts";
import { BulkDialog } from "./bulk-dialog.tsx";
import { bulkWords, type BulkVerb } from "./bulk-words.ts";
import type { Selection } from "./selection.ts";

const verbs: readonly BulkVerb[] = ["retry", "cancel", "remove"];

/** What can be done to what is selected, or to everything that matches. */
export function SelectionBar({
  selection,
  q,
  total,
  onClear,
}: {
  readonly selection: Selection;
  readonly q: string;
  readonly total: { readonly count: number; readonly exact: boolean } | undefined;
  readonly onClear: () => void;
}): ReactElement | null {
  const [isAll, setAll] = useState(false);
  const [asked, ask] = useState<BulkVerb | null>(null);
  const { data: about } = useAbout();
  const count = selection.size;
  const isShown = count > 0 || isAll;
  useHotkeys(
    isShown
      ? {
          r: () => ask("retry"),
          c: () => ask("cancel"),
          Backspace: () => ask("remove"),
          Delete: () => ask("remove"),
          Escape: () => (setAll(false), onClear()),
        }
      : {},
  );
  const clear = (): void => {
    setAll(false);
    onClear();
  };
  if (!isShown) return null;
  return (
    <>
      <div
        role="region"
        aria-label="Selection"
        className="popover sticky bottom-16 z-20 mx-auto mt-3 flex w-fit max-w-full flex-wrap items-center gap-2 px-3 py-2 md:bottom-4"
      >
        <span className="font-medium" aria-live="polite">
          {isAll ? `All ${total ? atLeastText(total) : ""} matching` : `${plural(count, "task")} selected`}
        </span>
        {verbs.map((verb) => (
          <ActionButton
            key={verb}
            hotkey={bulkWords[verb].key}
            why={obstacleOf(about, verb) ?? obstacleOfMany(verb, selection, isAll)}
            onClick={() => ask(verb)}
          >
            {bulkWords[verb].verb}
          </ActionButton>
        ))}
        {isAll || !total || total.count <= count ? null : (
          <button type="button" className="button button-quiet text-accent!" onClick={() => setAll(true)}>
            Select all {atLeastText(total)} matching
          </button>
        )}
        <button type="button" className="button button-quiet" onClick={clear}>
          Clear
        </button>
      </div>
      {asked === null ? null : isAll ? (
        <BulkDialog verb={asked} q={q} onClose={() => ask(null)} />
      ) : (
        <SomeDialog verb={asked} selection={selection} onClose={() => ask(null)} onDone={clear} />
      )}
    </>
  );
}

function obstacleOfMany(verb: BulkVerb, selection: Selection, isAll: boolean): string | undefined {
  if (isAll || [...selection.values()].some(({ can }) => can.includes(verb))) return undefined;
  return `None of them can be ${bulkWords[verb].done} now.`;
}

function SomeDialog({
  verb,
  selection,
  onClose,
  onDone,
}: {
  readonly verb: BulkVerb;
  readonly selection: Selection;
  readonly onClose: () => void;
  readonly onDone: () => void;
}): ReactElement {
  const [isBusy, setBusy] = useState(false);
  const client = useQueryClient();
  const toast = useToast();
  const all = [...selection.values()];
  const able = all.filter(({ can }) => can.includes(verb));
  const { verb: word, done, about } = bulkWords[verb];
  const run = async (): Promise<void> => {
    setBusy(true);
    const outcome = await actOnMany(verb, able);
    await client.invalidateQueries();
    const [first] = outcome.refused;
    toast({
      text: `${plural(outcome.done, "task")} ${done}${first ? `, ${outcome.refused.length} refused: ${first[1]}` : ""}.`,
      ...(first ? { tone: "bad" as const } : {}),
    });
    onDone();
    onClose();
  };
  return (
    <Dialog
      title={`${word} ${plural(able.length, "selected task")}?`}
      tone={verb === "remove" ? "danger" : "plain"}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Leave {able.length === 1 ? "it" : "them"}
          </button>
          <ActionButton
            look={verb === "remove" ? "danger" : "primary"}
            disabled={isBusy || able.length === 0}
            onClick={() => void run()}
          >
            {word} {plural(able.length, "task")}
          </ActionButton>
        </>
      }
    >
      <p>{about}</p>
      {able.length < all.length ? (
        <p className="mt-2 text-warn">
          {plural(all.length - able.length, "of those selected cannot", "of those selected cannot")} be {done} now, and
          stay as they are.
        </p>
      ) : null}
      <ul className="panel mt-3 max-h-52 divide-y divide-line overflow-auto">
        {able.slice(0, 50).map(({ id, kind, state }) => (
          <li key={id} className="flex gap-3 px-3 py-1.5">
            <span className="truncate">{lineText(kind, 80)}</span>
            <span className="mono ml-auto text-text-2" title={id}>
              {shortId(id)}
            </span>
            <span className="text-text-2">{state}</span>
          </li>
        ))}
        {able.length > 50 ? <li className="px-3 py-1.5 text-text-2">and {able.length - 50} more</li> : null}
      </ul>
    </Dialog>
  );
}
