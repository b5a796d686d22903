import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { Examination } from "../api/answers.ts";
import { read, type ApiProblem } from "../api/request.ts";
import { Ago } from "../controls/moment.tsx";
import { ProblemNote } from "../controls/notes.tsx";
import { lineText } from "../format/texts.ts";
import { Said } from "./said.tsx";

/** Looks closely at everything, when somebody asks: it may read the whole database. */
export function Doctor(): ReactElement {
  const { data, error, isFetching, refetch } = useQuery<Examination, ApiProblem>({
    queryKey: ["doctor"],
    queryFn: ({ signal }) => read<Examination>("doctor", { signal }),
    enabled: false,
    retry: false,
  });
  return (
    <>
      <p className="flex items-center gap-3">
        <button type="button" className="button" onClick={() => void refetch({ cancelRefetch: false })}>
          Run doctor
        </button>
        <span role="status" className="text-text-2">
          {isFetching ? (
            "Looking at everything…"
          ) : data ? (
            <>
              Looked <Ago at={data.at} />
            </>
          ) : null}
        </span>
      </p>
      {error ? <ProblemNote problem={error} /> : null}
      {data ? (
        <ul aria-label="Checks" className="flex flex-col gap-1.5">
          {data.checks.map(({ name, verdict, message, fix }) => (
            <li key={name + message}>
              <Said verdict={verdict} fix={fix}>
                <b className="font-medium">{name}</b> {lineText(message)}
              </Said>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
