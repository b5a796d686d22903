import { useEffect, useRef } from "react";
import { preferences } from "../settings/preferences.ts";

/** What a key does. Keys of one letter are silent in fields and dialogs, and where they were turned off. */
export type Hotkeys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** Listens to keys while a component is shown: `g t` is one after the other, `?` and `/` are as typed. */
export function useHotkeys(hotkeys: Hotkeys): void {
  const latest = useRef(hotkeys);
  latest.current = hotkeys;
  useEffect(() => {
    let before = "";
    let forget: ReturnType<typeof setTimeout> | undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      if (!preferences().letterKeys && event.key.length === 1) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const run = latest.current[before === "" ? key : `${before} ${key}`] ?? latest.current[key];
      clearTimeout(forget);
      before = "";
      if (run) {
        event.preventDefault();
        run(event);
      } else if (key === "g") {
        before = key;
        forget = setTimeout(() => (before = ""), 1_000);
      }
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
      clearTimeout(forget);
    };
  }, []);
}

function isTyping({ target }: KeyboardEvent): boolean {
  if (document.querySelector("dialog[open]")) return true;
  if (target instanceof HTMLInputElement) return target.type !== "checkbox" && target.type !== "radio";
  return target instanceof HTMLElement && (target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName));
}
