import { useState, type ReactElement } from "react";
import { Dialog } from "../controls/dialog.tsx";
import { countText } from "../format/numbers.ts";
import { hrefOf } from "../routes/route.ts";
import { pageSettings } from "../settings/page-settings.ts";
import { usePreferences } from "../settings/preferences.ts";
import { Icon } from "./icons.tsx";
import { pagePlaces, type PagePlace } from "./places.ts";

const base =
  "relative flex items-center gap-2.5 rounded-control px-2.5 min-h-9 text-text-2 hover:bg-surface-2 hover:text-text hover:no-underline";
const chosen = "bg-surface-3 text-text! font-medium";

/** What is known of the places. */
export interface RailParts {
  /** Where one is; null = at none of them. */
  readonly here: PagePlace["page"] | null;
  /** How much there is to look at. */
  readonly needs: Readonly<Partial<Record<PagePlace["page"], number>>>;
  readonly onKeys: () => void;
}

/** Where one can go, at the side of the page; the numbers say where something needs a look, not how much there is. */
export function Rail({ here, needs, onKeys }: RailParts): ReactElement {
  const [{ isRailNarrow: isNarrow }, change] = usePreferences();
  return (
    <nav
      aria-label="Pages"
      className={`sticky top-0 flex h-dvh shrink-0 flex-col gap-0.5 border-r border-line bg-surface p-2 max-md:hidden ${isNarrow ? "w-[53px]" : "w-52"}`}
    >
      <a
        href={hrefOf({ page: "overview" })}
        className="mb-2 flex min-h-10 items-center gap-2.5 px-2 font-semibold text-text hover:no-underline"
      >
        <Mark />
        {isNarrow ? (
          <span className="sr-only">{pageSettings.title}</span>
        ) : (
          <span className="truncate">{pageSettings.title}</span>
        )}
      </a>
      {pagePlaces.map((place) => (
        <RailLink
          key={place.page}
          place={place}
          need={needs[place.page] ?? 0}
          isNarrow={isNarrow}
          isHere={place.page === here}
        />
      ))}
      <div className="grow" />
      <button type="button" className={base} title={isNarrow ? "Keyboard (?)" : undefined} onClick={onKeys}>
        <Icon name="keys" />
        {isNarrow ? <span className="sr-only">Keyboard</span> : "Keyboard"}
        {isNarrow ? null : (
          <kbd className="key ml-auto" aria-hidden="true">
            ?
          </kbd>
        )}
      </button>
      <button
        type="button"
        className={base}
        title={isNarrow ? "Widen" : undefined}
        aria-expanded={!isNarrow}
        onClick={() => change({ isRailNarrow: !isNarrow })}
      >
        <Icon name="fold" />
        {isNarrow ? <span className="sr-only">Widen this bar</span> : "Fold"}
      </button>
    </nav>
  );
}

function RailLink({
  place: { page, name, icon },
  need,
  isNarrow,
  isHere,
}: {
  readonly place: PagePlace;
  readonly need: number;
  readonly isNarrow: boolean;
  readonly isHere: boolean;
}): ReactElement {
  return (
    <a
      href={hrefOf({ page })}
      className={`${base} ${isHere ? chosen : ""}`}
      aria-current={isHere ? "page" : undefined}
      title={isNarrow ? name : undefined}
    >
      <Icon name={icon} />
      {isNarrow ? <span className="sr-only">{name}</span> : name}
      <Need count={need} isNarrow={isNarrow} />
    </a>
  );
}

function Need({ count, isNarrow }: { readonly count: number; readonly isNarrow: boolean }): ReactElement | null {
  if (count === 0) return null;
  return (
    <span
      className={
        isNarrow
          ? "absolute top-1 right-1 size-2 overflow-hidden rounded-full bg-bad-mark text-transparent"
          : "ml-auto rounded-control bg-bad-soft px-1.5 text-2xs font-medium text-bad"
      }
    >
      {countText(count)}
      <span className="sr-only"> to look at</span>
    </span>
  );
}

/** The same at the foot of a narrow screen: the four that matter most, and the rest behind a fifth. */
export function BottomBar({ here, needs, onKeys }: RailParts): ReactElement {
  const [isOpen, open] = useState(false);
  const shown: readonly string[] = ["overview", "tasks", "schedules", "errors"];
  const first = pagePlaces.filter(({ page }) => shown.includes(page));
  const rest = pagePlaces.filter(({ page }) => !shown.includes(page));
  const item =
    "relative flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 text-2xs text-text-2 hover:no-underline";
  return (
    <>
      <nav
        aria-label="Pages"
        className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
      >
        {first.map(({ page, name, icon }) => (
          <a
            key={page}
            href={hrefOf({ page })}
            className={`${item} ${page === here ? "text-accent! font-semibold" : ""}`}
            aria-current={page === here ? "page" : undefined}
          >
            <Icon name={icon} />
            {name}
            {(needs[page] ?? 0) > 0 ? (
              <span className="absolute top-2 left-1/2 ml-2 size-2 rounded-full bg-bad-mark" aria-hidden="true" />
            ) : null}
          </a>
        ))}
        <button type="button" className={item} aria-haspopup="dialog" onClick={() => open(true)}>
          <Icon name="more" />
          More
        </button>
      </nav>
      {isOpen ? (
        <Dialog title="More" onClose={() => open(false)}>
          <div className="flex flex-col gap-1">
            {rest.map(({ page, name, icon }) => (
              <a
                key={page}
                href={hrefOf({ page })}
                className="flex min-h-11 items-center gap-3 rounded-control px-2 text-text hover:bg-surface-2"
                onClick={() => open(false)}
              >
                <Icon name={icon} />
                {name}
              </a>
            ))}
            <button
              type="button"
              className="flex min-h-11 items-center gap-3 rounded-control px-2 hover:bg-surface-2"
              onClick={() => {
                open(false);
                onKeys();
              }}
            >
              <Icon name="keys" />
              Keyboard
            </button>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}

function Mark(): ReactElement {
  return (
    <svg viewBox="0 0 32 32" width="20" height="20" aria-hidden="true" className="shrink-0">
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <path
        d="M7 12c3-3 6-3 9 0s6 3 9 0M7 20c3-3 6-3 9 0s6 3 9 0"
        fill="none"
        stroke="var(--surface)"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
    </svg>
  );
}
