import { useSyncExternalStore } from "react";

/** Whether the top of the page is out of sight. */
export function useIsScrolled(): boolean {
  return useSyncExternalStore(subscribe, () => scrollY > 0);
}

function subscribe(listener: () => void): () => void {
  addEventListener("scroll", listener, { passive: true });
  return () => removeEventListener("scroll", listener);
}
