import { PrismaPg } from "@prisma/adapter-pg";
import { getPrismaClient, type GetPrismaClientConfig } from "@prisma/client/runtime/client";
import type { PrismaTransaction } from "../../caller/prisma-transaction.ts";
import type { CallerLibrary } from "./caller-library.ts";

/** The part of a generated client that is used here. */
interface PrismaClient extends PrismaTransaction {
  $transaction<Answer>(
    work: (tx: PrismaTransaction & Pick<PrismaClient, "$executeRawUnsafe">) => Promise<Answer>,
    options: { readonly timeout: number },
  ): Promise<Answer>;
  $executeRawUnsafe(text: string, ...values: readonly unknown[]): Promise<number>;
  $disconnect(): Promise<void>;
}

// Neither has a declaration: of these files in the package, of the global in Node's types.
const compiler = "@prisma/client/runtime/query_compiler_fast_bg.postgresql";
const { WebAssembly: webAssembly } = globalThis as unknown as {
  readonly WebAssembly: { readonly Module: new (bytes: Uint8Array) => object };
};

// What `prisma generate` writes for a schema without models: the client of Prisma 7 itself, of which no part is downloaded.
const generated: GetPrismaClientConfig = {
  previewFeatures: [],
  clientVersion: "7.10.0",
  engineVersion: "0edf323efd1d98336f3f0a68684b56f689b900d3",
  activeProvider: "postgresql",
  inlineSchema: 'datasource db {\n  provider = "postgresql"\n}\n',
  runtimeDataModel: { models: {}, enums: {}, types: {} },
  parameterizationSchema: { strings: [], graph: "AAAA" },
  compilerWasm: {
    getRuntime: () => import(`${compiler}.mjs`),
    getQueryCompilerWasmModule: async () => {
      const { wasm } = (await import(`${compiler}.wasm-base64.mjs`)) as { readonly wasm: string };
      return new webAssembly.Module(Buffer.from(wasm, "base64"));
    },
    importName: "./query_compiler_fast_bg.js",
  },
};

/** Prisma 7 over its adapter for `pg`. */
export const prismaLibrary: CallerLibrary = {
  name: "Prisma",
  open(connectionString, schema) {
    const Client = getPrismaClient(generated) as unknown as new (options: { adapter: PrismaPg }) => PrismaClient;
    const prisma = new Client({ adapter: new PrismaPg({ connectionString, max: 2 }) });
    return {
      transaction: (work) =>
        prisma.$transaction(
          (tx) =>
            work(
              tx,
              async (item) =>
                void (await tx.$executeRawUnsafe(`insert into "${schema}".orders (item) values ($1)`, item)),
            ),
          { timeout: 30_000 },
        ),
      outside: prisma,
      close: () => prisma.$disconnect(),
    };
  },
};
