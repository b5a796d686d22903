import type { Connection, Sql } from "../connection/connection.ts";

const addCount: Sql = (n) => `
insert into ${n.count} (kind, status, tenant_id, n) values (?, ?, ?, ?)
on conflict (kind, status, tenant_id) do update set n = n + excluded.n`;

interface Delta {
  readonly kind: string;
  readonly status: number;
  readonly tenantId: string;
  n: number;
}

/** How many tasks came to, or left, each tenant × kind × status: added up, and written once a transaction. */
export class CountBuffer {
  #deltas: Delta[] = [];

  add({ kind, tenantId }: { readonly kind: string; readonly tenantId: string }, status: number, n: number): void {
    for (const delta of this.#deltas) {
      if (delta.status === status && delta.kind === kind && delta.tenantId === tenantId) {
        delta.n += n;
        return;
      }
    }
    this.#deltas.push({ kind, status, tenantId, n });
  }

  /** One task went from one number to another. */
  move(task: { readonly kind: string; readonly tenantId: string }, from: number, to: number): void {
    if (from === to) return;
    this.add(task, from, -1);
    this.add(task, to, 1);
  }

  mark(): readonly Delta[] {
    return this.#deltas.map((delta) => ({ ...delta }));
  }

  backTo(mark: readonly Delta[]): void {
    this.#deltas = mark.map((delta) => ({ ...delta }));
  }

  flush(connection: Connection): void {
    if (this.#deltas.length === 0) return;
    const add = connection.use(addCount);
    for (const { kind, status, tenantId, n } of this.#deltas) if (n !== 0) add.run(kind, status, tenantId, n);
    this.#deltas = [];
  }
}
