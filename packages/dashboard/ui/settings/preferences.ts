import { useSyncExternalStore } from "react";

/** What somebody likes, kept by their browser. */
export interface Preferences {
  readonly theme: "system" | "light" | "dark";
  readonly density: "compact" | "default" | "relaxed";
  /** `UTC`, `local`, or a zone of the IANA list. */
  readonly zone: string;
  /** Whether single letters do something. */
  readonly letterKeys: boolean;
  readonly isRailNarrow: boolean;
  /** In px. */
  readonly inspectorWidth: number;
}

const key = "millrace.preferences";
const usual: Preferences = {
  theme: "system",
  density: "default",
  zone: "local",
  letterKeys: true,
  isRailNarrow: false,
  inspectorWidth: 500,
};
const listeners = new Set<() => void>();
const wantsDark: MediaQueryList = matchMedia("(prefers-color-scheme: dark)");
let current: Preferences = stored();

/** What is liked now, and how to like something else. */
export function usePreferences(): readonly [Preferences, (change: Partial<Preferences>) => void] {
  const now = useSyncExternalStore(subscribe, () => current);
  return [now, changePreferences];
}

/** What is liked now, outside of components. */
export function preferences(): Preferences {
  return current;
}

/** Which theme is shown. */
export function shownTheme(): "light" | "dark" {
  if (current.theme !== "system") return current.theme;
  return wantsDark.matches ? "dark" : "light";
}

/** Follows the theme of the system, and what other tabs like. Call once. */
export function startPreferences(): void {
  show();
  wantsDark.addEventListener("change", () => changePreferences({}));
  addEventListener("storage", (event) => {
    if (event.key !== key) return;
    current = stored();
    tell();
  });
}

function changePreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(key, JSON.stringify(current));
  } catch {
    // It holds until the page is closed.
  }
  tell();
}

function tell(): void {
  show();
  for (const listener of listeners) listener();
}

function show(): void {
  const { dataset } = document.documentElement;
  dataset["theme"] = shownTheme();
  dataset["density"] = current.density;
}

function stored(): Preferences {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    return checked(typeof found === "object" && found !== null ? found : {});
  } catch {
    return usual;
  }
}

function checked(found: Partial<Record<keyof Preferences, unknown>>): Preferences {
  const { theme, density, zone, letterKeys, isRailNarrow, inspectorWidth } = found;
  return {
    theme: theme === "light" || theme === "dark" ? theme : "system",
    density: density === "compact" || density === "relaxed" ? density : "default",
    zone: typeof zone === "string" && isZone(zone) ? zone : usual.zone,
    letterKeys: letterKeys !== false,
    isRailNarrow: isRailNarrow === true,
    inspectorWidth: typeof inspectorWidth === "number" ? inspectorWidth : usual.inspectorWidth,
  };
}

function isZone(zone: string): boolean {
  if (zone === "local") return true;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).format(0) !== "";
  } catch {
    return false;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
