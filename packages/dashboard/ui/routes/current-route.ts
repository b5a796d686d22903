import { useEffect, useSyncExternalStore } from "react";
import { hrefOf, routeOf, type Route } from "./route.ts";

// Links are plain links and the browser keeps the history. What is left to do is to hear of a new address, and to
// scroll: the browser would restore a place before the page is there that it is a place of.
const listeners = new Set<() => void>();
const scrolled = new Map<unknown, number>();
let route = routeOf(location.hash);
let entry = openEntry();

history.scrollRestoration = "manual";
addEventListener("hashchange", () => {
  scrolled.set(entry, scrollY);
  entry = openEntry();
  // Another task beside the same list: the list stays where it is.
  if (isSameList(route, routeOf(location.hash))) scrolled.set(entry, scrollY);
  heed();
});

/** Goes to a place. `replace`: without a way back to where one was. */
export function navigate(to: Route, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (!replace) {
    location.hash = hrefOf(to);
    return;
  }
  history.replaceState(history.state, "", hrefOf(to));
  heed();
}

/** Where one is. */
export function useRoute(): Route {
  return useSyncExternalStore(listen, () => route);
}

/** Where one is, outside of components. */
export function currentRoute(): Route {
  return route;
}

/** Begins a new place at its top, and one that somebody comes back to where they left it. */
export function useScroll(): void {
  const at = useSyncExternalStore(listen, () => entry);
  useEffect(() => {
    // A list knows how long it is once it has been laid out.
    const frame = requestAnimationFrame(() => scrollTo(0, scrolled.get(at) ?? 0));
    return () => cancelAnimationFrame(frame);
  }, [at]);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function heed(): void {
  route = routeOf(location.hash);
  for (const listener of listeners) listener();
}

function isSameList(one: Route, other: Route): boolean {
  return one.page === "tasks" && other.page === "tasks" && (one.q ?? "") === (other.q ?? "");
}

/** The name of the history's entry that one is at; a new one is given one. */
function openEntry(): unknown {
  const state = history.state as { readonly entry?: unknown } | null;
  if (state?.entry !== undefined) return state.entry;
  const name = performance.timeOrigin + performance.now();
  history.replaceState({ entry: name }, "");
  return name;
}
