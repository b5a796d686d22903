/** A variant cannot be measured here; its message says why, and the report repeats it. */
export class LeftOutError extends Error {}
