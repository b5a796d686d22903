import { type CallerQuery, hasMethods } from "./caller-query.ts";

/** The client that Prisma gives to the function of an interactive `$transaction`. */
export interface PrismaTransaction {
  $queryRawUnsafe(text: string, ...values: unknown[]): PromiseLike<unknown>;
}

/** The statements of an interactive transaction of Prisma. */
export function prismaQuery(tx: object): CallerQuery | null {
  if (!hasMethods(tx, "$queryRawUnsafe")) return null;
  const prisma = tx as PrismaTransaction;
  return async (text, values) => {
    try {
      return (await prisma.$queryRawUnsafe(text, ...values)) as readonly unknown[];
    } catch (error) {
      throw databaseError(error);
    }
  };
}

/** What Prisma tells of the error of the database that its own, of code P2010, is about. */
interface PrismaErrorMeta {
  readonly code?: string;
  readonly message?: string;
  readonly driverAdapterError?: {
    readonly cause?: { readonly originalCode?: string; readonly originalMessage?: string };
  };
}

function databaseError(error: unknown): unknown {
  if (!(error instanceof Error) || !("meta" in error)) return error;
  const { driverAdapterError, ...meta } = (error.meta ?? {}) as PrismaErrorMeta;
  const code = driverAdapterError?.cause?.originalCode ?? meta.code;
  const message = driverAdapterError?.cause?.originalMessage ?? meta.message ?? error.message;
  return code === undefined ? error : Object.assign(new Error(message, { cause: error }), { code });
}
