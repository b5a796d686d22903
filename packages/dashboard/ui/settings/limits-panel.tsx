import type { KindRecord, LimitRecord } from "@millrace/models";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { pathPart, send, type ApiProblem } from "../api/request.ts";
import { useObstacle } from "../api/use-about.ts";
import { ActionButton } from "../controls/action-button.tsx";
import { Clock } from "../controls/moment.tsx";
import { ProblemNote } from "../controls/notes.tsx";
import { useToast } from "../controls/toasts.tsx";
import { lineText } from "../format/texts.ts";
import { StorePanel, useStoreAnswer } from "./store-panel.tsx";

interface Kinds {
  readonly kinds: readonly KindRecord[];
}

/** How many tasks of a kind may run at once: what code says, and what somebody says above it. */
export function LimitsPanel(): ReactElement {
  return (
    <StorePanel<Kinds> title="Limits" path="kinds">
      {({ kinds }) => (kinds.length === 0 ? null : <Limits kinds={kinds} />)}
    </StorePanel>
  );
}

function Limits({ kinds }: Kinds): ReactElement {
  const { data, error } = useStoreAnswer<{ readonly limits: readonly LimitRecord[] }>("limits");
  const [other, choose] = useState("");
  const limits = data?.limits ?? [];
  const ofStore = limits.find(({ scope }) => scope.type === "store");
  const limited = kinds.filter(({ limit }) => limit !== null);
  const others = kinds.filter(({ limit }) => limit === null);
  const chosen = others.some(({ kind }) => kind === other) ? other : others[0]?.kind;
  if (error) return <ProblemNote problem={error} />;
  return (
    <>
      {ofStore ? (
        <p>
          All kinds together {ofStore.limit}, {ofStore.held} held now
        </p>
      ) : null}
      {limited.length === 0 ? <p>No kind has a limit.</p> : null}
      {limited.map((record) => {
        const held = limits.find(({ scope }) => scope.type === "kind" && scope.kind === record.kind)?.held;
        return <LimitOf key={record.kind} record={record} held={held} />;
      })}
      {chosen === undefined ? null : (
        <div className="flex flex-wrap gap-2">
          <select
            className="input w-auto! max-w-full"
            aria-label="Kind to be limited"
            value={chosen}
            onChange={({ target }) => choose(target.value)}
          >
            {others.map(({ kind }) => (
              <option key={kind} value={kind}>
                {lineText(kind, 80)}
              </option>
            ))}
          </select>
          <LimitForm kind={chosen} />
        </div>
      )}
    </>
  );
}

function LimitOf({ record, held }: { readonly record: KindRecord; readonly held: number | undefined }): ReactElement {
  const { kind, limitFromCode, limitOverride, limitOverrideAt, limitOverrideBy } = record;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <p className="min-w-0 grow wrap-anywhere">
        {lineText(kind, 80)}{" "}
        <span className="text-text-2">
          code says {limitFromCode ?? "nothing"}
          {limitOverride === null ? null : (
            <>
              , override {limitOverride} by {lineText(limitOverrideBy ?? "somebody", 60)},{" "}
              <Clock at={limitOverrideAt} />
            </>
          )}
          {held === undefined ? null : `, ${held} held now`}
        </span>
      </p>
      <LimitForm kind={kind} override={limitOverride} />
    </div>
  );
}

function LimitForm({
  kind,
  override = null,
}: {
  readonly kind: string;
  readonly override?: number | null;
}): ReactElement {
  const why = useObstacle("set-limit") ?? undefined;
  const client = useQueryClient();
  const toast = useToast();
  const name = lineText(kind, 80);
  const set = (form: HTMLFormElement | null, limit: number | null): void => {
    send(`kinds/${pathPart(kind)}/limit`, { limit }).then(
      () => {
        toast({ text: `${name}: ${limit === null ? "what its code says" : `${limit} at once`}, from the next claim.` });
        // What was typed gives way to what is so.
        form?.reset();
        void client.invalidateQueries();
      },
      ({ message, fix }: ApiProblem) => toast({ text: `${message} ${fix}`, tone: "bad" }),
    );
  };
  return (
    <form
      className="flex gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = new FormData(event.currentTarget).get("limit");
        set(event.currentTarget, typed === "" ? null : Number(typed));
      }}
    >
      <input
        className="input w-20!"
        name="limit"
        type="number"
        min="1"
        max="1000000000"
        required={override === null}
        placeholder="limit"
        aria-label={`Limit of ${name}`}
        title="Empty: what its code says"
        defaultValue={override ?? ""}
      />
      <ActionButton type="submit" why={why} aria-label={`Change the limit of ${name}`}>
        Change
      </ActionButton>
      {override === null ? null : (
        <ActionButton
          why={why}
          aria-label={`Reset the limit of ${name}`}
          onClick={({ currentTarget: { form } }) => {
            // This button goes with the override.
            form?.querySelector("input")?.focus();
            set(form, null);
          }}
        >
          Reset
        </ActionButton>
      )}
    </form>
  );
}
