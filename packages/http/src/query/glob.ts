/** Longer texts are only compared as a whole: what a pattern costs is bounded by the product of both lengths. */
const longestSearched = 300;

/** Whether a text is what a pattern means, in which `*` stands for anything. */
export function matchesGlob(text: string, pattern: string): boolean {
  if (!pattern.includes("*")) return text === pattern;
  return matches(text.slice(0, longestSearched), pattern);
}

function matches(text: string, pattern: string): boolean {
  let [at, star, back] = [0, -1, 0];
  let place = 0;
  while (at < text.length) {
    if (place < pattern.length && pattern[place] === "*") {
      star = place;
      back = at;
      place += 1;
    } else if (place < pattern.length && pattern[place] === text[at]) {
      at += 1;
      place += 1;
    } else if (star === -1) {
      return false;
    } else {
      // The last star takes one more.
      place = star + 1;
      back += 1;
      at = back;
    }
  }
  while (pattern[place] === "*") place += 1;
  return place === pattern.length;
}
