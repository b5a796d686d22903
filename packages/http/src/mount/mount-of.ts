const marker = "/v1";

/**
 * Makes the finder of what stands before the API in a path, wherever it was mounted: the first `/v1` behind which one of the
 * patterns fits, since a mount may hold one too; else the last.
 */
export function createMountFinder(patterns: readonly string[]): (path: string) => string {
  const shapes = patterns.map((pattern) => pattern.split("/"));
  return (path) => {
    const places = markersOf(path);
    const found = places.find((at) => {
      const parts = path.slice(at).split("/");
      return shapes.some((shape) => fits(parts, shape));
    });
    return path.slice(0, found ?? places.at(-1) ?? 0);
  };
}

function markersOf(path: string): readonly number[] {
  const places: number[] = [];
  for (let at = path.indexOf(marker); at !== -1; at = path.indexOf(marker, at + 1)) {
    const next = path[at + marker.length];
    if (next === undefined || next === "/") places.push(at);
  }
  return places;
}

function fits(parts: readonly string[], shape: readonly string[]): boolean {
  return parts.length === shape.length && shape.every((part, index) => part.startsWith(":") || part === parts[index]);
}
