/** One package of package-graph.json. */
export interface GraphRow {
  readonly floor: number;
  readonly job: string;
  readonly inside: readonly string[];
  readonly outside: readonly string[];
  readonly peers?: readonly string[];
  readonly devEdges?: readonly string[];
}

/** package-graph.json: who may know whom. */
export interface PackageGraph {
  readonly testTools: readonly string[];
  readonly packages: Readonly<Record<string, GraphRow>>;
}

/** The name under which a folder of packages/ is installed. */
export function scoped(name: string): string {
  return name === "millrace" ? name : `@millrace/${name}`;
}
