import type { ReactElement } from "react";
import { Dialog } from "../controls/dialog.tsx";
import { usePreferences } from "../settings/preferences.ts";
import { pagePlaces } from "./places.ts";

const groups: readonly (readonly [title: string, keys: readonly (readonly [keys: string, does: string])[]])[] = [
  [
    "Everywhere",
    [
      ["?", "This list"],
      ["/", "Search tasks"],
      ["p", "Pause changes, or show them again"],
      ["Esc", "Close what is open"],
    ],
  ],
  ["Go to", pagePlaces.map(({ hotkey, name }) => [`g ${hotkey}`, name] as const)],
  [
    "Task list",
    [
      ["↓ ↑ or j k", "Move between rows"],
      ["Enter", "Open the row, where there is room beside the list"],
      ["x", "Select the row"],
      ["Shift click", "Select up to there"],
      ["r c ⌫", "Retry, cancel, remove what is selected"],
      ["← → Shift", "Columns of the day, and a span of them"],
    ],
  ],
  [
    "A task",
    [
      ["r", "Retry"],
      ["c", "Cancel"],
      ["e", "Edit its input and run it"],
      ["x i o l v", "Error, input, result, log, events"],
      ["j k", "Next and previous of the list you came from"],
      ["u", "Its parent"],
      ["+ − ← → 0", "In its timeline: closer, further, along, the whole"],
    ],
  ],
  [
    "A task beside the list",
    [
      ["j k", "Next and previous of the list"],
      ["f", "On a page of its own"],
      ["Esc", "Close it"],
    ],
  ],
];

/** Every key there is, and how to turn single letters off. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const [{ letterKeys }, change] = usePreferences();
  return (
    <Dialog
      title="Keyboard"
      onClose={onClose}
      isWide
      footer={
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      }
    >
      <label className="mb-4 flex items-center gap-2">
        <input
          type="checkbox"
          className="size-4 accent-(--accent)"
          checked={letterKeys}
          onChange={({ target }) => change({ letterKeys: target.checked })}
        />
        Single letters do something
      </label>
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {groups.map(([title, keys]) => (
          <section key={title}>
            <h3 className="mb-1.5 text-text-2">{title}</h3>
            <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-3 gap-y-1.5">
              {keys.map(([key, does]) => (
                <div key={key} className="contents">
                  <dt>
                    <kbd className="key">{key}</kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
