import {
  TaskError,
  type Clock,
  type Facet,
  type FacetName,
  type Logger,
  type Random,
  type RequestMaker,
  type ServicePort,
  type TaskClient,
  type TaskService,
  type TaskStore,
} from "@millrace/models";
import { checkDuration } from "../client/option-check.ts";
import { messageOf } from "../runner/store-trouble.ts";
import { consumeEvents } from "./event-consumer.ts";
import { startTicker, type Ticker } from "./ticker.ts";

export interface SupervisorPorts {
  readonly hostId: string;
  readonly client: TaskClient;
  readonly requests: RequestMaker;
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Starts the plug-ins of a host in their order, and stops them the other way round. */
export interface ServiceSupervisor {
  /** Rejects when one cannot start; those before it are stopped again. */
  start(): Promise<void>;
  /** Ends when every job of every service has ended. Never rejects. */
  stop(): Promise<void>;
}

interface Started {
  readonly service: TaskService;
  readonly ended: AbortController;
  readonly tickers: Ticker[];
  readonly readers: Promise<void>[];
}

/** Makes a supervisor for one life of a host. */
export function createServiceSupervisor(services: readonly TaskService[], ports: SupervisorPorts): ServiceSupervisor {
  const started: Started[] = [];

  const stopOne = async ({ service, ended, tickers, readers }: Started): Promise<void> => {
    ended.abort();
    try {
      await service.stop?.();
    } catch (error) {
      ports.logger.error(`The service "${service.name}" failed to stop.`, { error: messageOf(error) });
    }
    await Promise.all([...tickers.map((ticker) => ticker.stop()), ...readers]);
  };

  const stop = async (): Promise<void> => {
    for (let last = started.pop(); last; last = started.pop()) await stopOne(last);
  };

  return {
    async start() {
      for (const service of services) {
        const own: Started = { service, ended: new AbortController(), tickers: [], readers: [] };
        started.push(own);
        try {
          await service.start(portFor(own, ports));
        } catch (error) {
          await stop();
          throw error;
        }
      }
    },
    stop,
  };
}

function portFor({ service, ended, tickers, readers }: Started, ports: SupervisorPorts): ServicePort {
  const { store, clock, random } = ports;
  const logger = named(ports.logger, service.name);
  const facet = <Name extends FacetName>(name: Name): Facet<Name> => requiredFacet(store, name, service.name);
  return {
    hostId: ports.hostId,
    client: ports.client,
    requests: ports.requests,
    store,
    clock,
    logger,
    signal: ended.signal,
    facet,
    every(intervalMs, job) {
      checkDuration("intervalMs", intervalMs, 1);
      if (ended.signal.aborted) return;
      const onError = (error: unknown): undefined => {
        logger.error(`A job of the service "${service.name}" failed; it goes on.`, { error: messageOf(error) });
      };
      tickers.push(startTicker({ clock, random, intervalMs, job, onError }));
    },
    consume({ name }, handle) {
      const cursors = facet("cursors");
      readers.push(consumeEvents(name, handle, { store, cursors, clock, random, logger, signal: ended.signal }));
    },
  };
}

/** @throws `FACET_MISSING` */
export function requiredFacet<Name extends FacetName>(store: TaskStore, name: Name, who: string): Facet<Name> {
  const facet = store.facet(name);
  if (facet) return facet;
  throw new TaskError("FACET_MISSING", `"${who}" needs the store's facet "${name}", which this store does not have.`, {
    details: { facet: name, service: who },
  });
}

function named(logger: Logger, service: string): Logger {
  const write =
    (level: keyof Logger) =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void =>
      logger[level](message, { service, ...fields });
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
