import type { Clock, Logger, TaskStore } from "@millrace/models";
import { pause } from "../runner/pause.ts";
import type { StoreTrouble } from "../runner/store-trouble.ts";
import { registrationOf, type KindRegistry, type ServedKind } from "./kind-registry.ts";

/** Tells the store which kinds this host serves: it then knows them, their limits and their schemas. */
export interface KindRegistrar {
  /** Tells all that are not told yet. @throws what the store throws */
  tellAll(): Promise<void>;
  /** The same in the background, for as long as it takes. */
  tellSoon(): void;
  /** A kind is claimed only once the store knows it, so that its limit holds from the first task on. */
  isTold(served: ServedKind): boolean;
  stop(): void;
}

/** Makes the registrar of one life of a host; `onTold` hears when more can be claimed. */
export function createKindRegistrar(ports: {
  readonly store: Pick<TaskStore, "setKind">;
  readonly kinds: KindRegistry;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly trouble: StoreTrouble;
  readonly onTold: () => void;
}): KindRegistrar {
  const { store, kinds, clock, logger, trouble } = ports;
  const told = new WeakSet<ServedKind>();
  const stopping = new AbortController();
  let telling = false;

  const tellAll = async (): Promise<void> => {
    const untold = kinds.list().filter((served) => !told.has(served));
    if (untold.length === 0) return;
    await store.setKind(untold.map(({ known }) => registrationOf(known, logger)));
    for (const served of untold) told.add(served);
    ports.onTold();
  };

  const tellOn = async (): Promise<void> => {
    while (!stopping.signal.aborted && kinds.list().some((served) => !told.has(served))) {
      try {
        await tellAll();
        trouble.answered();
      } catch (error) {
        await pause(clock, trouble.failed(error), stopping.signal);
      }
    }
    telling = false;
  };

  return {
    tellAll,
    tellSoon() {
      if (telling || stopping.signal.aborted) return;
      telling = true;
      void tellOn();
    },
    isTold: (served) => told.has(served),
    stop: () => stopping.abort(),
  };
}
