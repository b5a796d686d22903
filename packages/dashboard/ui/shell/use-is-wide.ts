import { useSyncExternalStore } from "react";

const wide: MediaQueryList = matchMedia("(min-width: 1280px)");

/** Whether a task has room beside the list. */
export function useIsWide(): boolean {
  return useSyncExternalStore(subscribe, () => wide.matches);
}

function subscribe(listener: () => void): () => void {
  wide.addEventListener("change", listener);
  return () => wide.removeEventListener("change", listener);
}
