import { toTaskFailure, type RunAnswer, type RunIo, type RunQuestion, type RunReport } from "@millrace/models";
import type { HandlerMessage, HostMessage } from "./border-message.ts";
import { completeInTx } from "./complete-in-tx.ts";
import { createLogQueue } from "./log-queue.ts";
import { createReportQueue } from "./report-queue.ts";

/** One call as the handler's side sees it: a `RunIo` made of messages. */
export interface ServedCall {
  readonly id: number;
  readonly io: RunIo;
  /** Takes an abort or an answer of the host. */
  hear(message: HostMessage): void;
  isAborted(): boolean;
  /** Sends what is still unsaid; what is unanswered then is answered `false`. */
  end(): Promise<void>;
}

type RunMessage = Extract<HostMessage, { type: "run" }>;

/** Opens the call that a `run` message asks for. */
export function createServedCall(message: RunMessage, post: (message: HandlerMessage) => Promise<void>): ServedCall {
  const { call } = message;
  const controllers = message.runs.map(() => new AbortController());
  message.aborted.forEach((reason, i) => reason !== null && controllers[i]?.abort(reason));
  const replies = createReplies();
  const logs = createLogQueue((lines) => post({ type: "log", call, lines }).catch(() => {}));
  const reports = message.runs.map((_run, i) => {
    const send = (report: RunReport): Promise<boolean> =>
      replies.wait(false, (id) => post({ type: "report", call, i, id, report }));
    const warnOfLoss = (): void =>
      logs.add(i, { level: "warn", message: "Reports were lost: they came faster than the store could take them." });
    return createReportQueue(send, warnOfLoss);
  });

  return {
    id: call,
    io: {
      signal: (i) => controllers[i]?.signal ?? AbortSignal.abort("shutdown"),
      report: (i, report) => reports[i]?.add(report) ?? Promise.resolve(false),
      ask: (i, question) => {
        const askHost = (asked: RunQuestion): Promise<RunAnswer> =>
          ask(asked, (id) => post({ type: "ask", call, i, id, question: asked }), replies);
        return question.type === "complete-in-tx" ? completeInTx(question, askHost) : askHost(question);
      },
      log: (i, line) => logs.add(i, line),
    },
    hear(heard) {
      if (heard.type === "close" || heard.call !== call) return;
      if (heard.type === "abort") controllers[heard.i]?.abort(heard.reason);
      if (heard.type === "held") replies.take(heard.id, heard.held);
      if (heard.type === "answer") replies.take(heard.id, heard.answer);
    },
    isAborted: () => controllers.every(({ signal }) => signal.aborted),
    async end() {
      for (const queue of reports) queue.drain();
      await logs.drain();
      replies.giveUp();
    },
  };
}

const lost: RunAnswer = { type: "refused", code: "LEASE_LOST", message: "The run ended before the answer came." };

async function ask(question: RunQuestion, post: (id: number) => Promise<void>, replies: Replies): Promise<RunAnswer> {
  let refusal: RunAnswer = lost;
  const answer = await replies.wait<RunAnswer | null>(null, (id) =>
    post(id).catch((error: unknown) => {
      const message = `The ${question.type} cannot cross to the host: ${toTaskFailure(error).message}`;
      refusal = { type: "refused", code: "SERIALIZATION_ERROR", message };
      throw error;
    }),
  );
  return answer ?? refusal;
}

interface Replies {
  /** Sends with a new number and waits for the reply of that number; `missing` when it cannot be sent or never comes. */
  wait<Reply>(missing: Reply, send: (id: number) => Promise<void>): Promise<Reply>;
  take(id: number, reply: unknown): void;
  giveUp(): void;
}

function createReplies(): Replies {
  const open = new Map<number, (reply: unknown) => void>();
  const missing = Symbol("missing");
  let lastId = 0;
  const take = (id: number, reply: unknown): void => {
    open.get(id)?.(reply);
    open.delete(id);
  };
  return {
    wait(instead, send) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve) => {
        // The other side is our own code of the same version: the reply is what was asked for.
        open.set(id, (reply) => resolve(reply === missing ? instead : (reply as typeof instead)));
        send(id).catch(() => take(id, missing));
      });
    },
    take,
    giveUp() {
      for (const id of open.keys()) take(id, missing);
    },
  };
}
