/** Corners nearer than this to the one before are left out; in units of the drawing. */
const tinyStep = 0.9;

/** Thins the outlines of a map: coasts are known far more exactly than a drawing of this size can show. */
export function thinOutline(path: string): string {
  return path
    .split("Z")
    .map((ring) => thinRing(ring))
    .filter((ring) => ring !== null)
    .join("Z");
}

function thinRing(ring: string): string | null {
  if (!/^M[-\d.,L]+$/.test(ring)) return ring;
  let [x, y] = [Infinity, Infinity];
  const corners = ring.slice(1).split("L");
  const kept = corners.filter((corner) => {
    const [nextX = 0, nextY = 0] = corner.split(",").map(Number);
    if (Math.hypot(nextX - x, nextY - y) < tinyStep) return false;
    [x, y] = [nextX, nextY];
    return true;
  });
  // What is left of an island smaller than a dot is nothing.
  return kept.length < 3 ? null : `M${kept.join("L")}`;
}
