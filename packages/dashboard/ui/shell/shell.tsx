import { Suspense, useEffect, useState, type ReactElement } from "react";
import { useAbout } from "../api/use-about.ts";
import { Loading, ProblemNote } from "../controls/notes.tsx";
import { PageOf } from "../pages.tsx";
import { navigate, useRoute, useScroll } from "../routes/current-route.ts";
import { pageSettings } from "../settings/page-settings.ts";
import { focusQuery } from "../tasks/query-focus.ts";
import { Announcer } from "./announcer.tsx";
import { useHotkeys } from "./hotkeys.ts";
import { KeysDialog } from "./keys-dialog.tsx";
import { LiveControl } from "./live-control.tsx";
import { PageBoundary } from "./page-boundary.tsx";
import { pagePlaces, placeOf } from "./places.ts";
import { BottomBar, Rail } from "./rail.tsx";
import { useNeeds } from "./use-needs.ts";
import { ZoneSwitch } from "./zone-switch.tsx";

/** What stands around every page. */
export function Shell(): ReactElement {
  const [areKeysOpen, openKeys] = useState(false);
  const about = useAbout();
  const needs = useNeeds();
  const route = useRoute();
  const place = placeOf(route);
  useScroll();
  useHotkeys({
    "?": () => openKeys(true),
    "/": focusQuery,
    ...Object.fromEntries(pagePlaces.map(({ page, hotkey }) => [`g ${hotkey}`, () => navigate({ page })])),
  });
  return (
    <>
      <a
        href="#main"
        className="sr-only z-50 focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:rounded-control focus:bg-surface focus:px-3 focus:py-2"
        onClick={skip}
      >
        Skip to the page
      </a>
      <div className="flex min-h-dvh">
        <Rail here={place?.page ?? null} needs={needs} onKeys={() => openKeys(true)} />
        <div className="flex min-w-0 grow flex-col">
          <TopBar name={place?.name ?? ""} />
          <main id="main" tabIndex={-1} className="grow px-4 pt-4 pb-24 outline-none md:pb-8 lg:px-6">
            {about.error ? (
              <div className="mb-4">
                <ProblemNote problem={about.error} onAgain={() => void about.refetch()} />
              </div>
            ) : null}
            <PageBoundary key={route.page}>
              <Suspense fallback={<Loading lines={10} />}>
                <PageOf route={route} />
              </Suspense>
            </PageBoundary>
          </main>
        </div>
      </div>
      <BottomBar here={place?.page ?? null} needs={needs} onKeys={() => openKeys(true)} />
      {areKeysOpen ? <KeysDialog onClose={() => openKeys(false)} /> : null}
      <Announcer />
    </>
  );
}

function skip(event: React.MouseEvent): void {
  // The part after `#` is the page's address.
  event.preventDefault();
  document.getElementById("main")?.focus();
}

const tones = { calm: "bg-idle-soft text-idle", careful: "bg-warn-soft text-warn", danger: "bg-bad-soft text-bad" };

function TopBar({ name }: { readonly name: string }): ReactElement {
  const { environment, title } = pageSettings;
  useEffect(() => {
    document.title = name === "" ? title : `${name} · ${title}`;
  }, [name, title]);
  return (
    <header className="sticky top-0 z-20 flex h-12 items-center gap-2 border-b border-line bg-surface px-4 lg:px-6">
      <p className="min-w-0 truncate font-semibold">{name === "" ? title : name}</p>
      {environment === null ? null : <span className={`chip ${tones[environment.tone]}`}>{environment.name}</span>}
      <div className="grow" />
      <LiveControl />
      <ZoneSwitch />
    </header>
  );
}
