/** One member of an interface, with what its comment says. */
export interface MemberDoc {
  readonly name: string;
  readonly isOptional: boolean;
  /** The type of a field; a method from its first parenthesis on. */
  readonly type: string;
  readonly text: string;
  /** What `@defaultValue` says; null = nothing. */
  readonly fallback: string | null;
  /** What `@throws` says, as one sentence; null = nothing. */
  readonly throws: string | null;
}

const comment = /^\s*\/\*\*([\s\S]*?)\*\//;
const lineComment = /^\s*\/\/[^\n]*/;
const named = /^(?:readonly\s+)?(?:"(?<quoted>[^"]+)"|(?<plain>[\w$]+|\[[^\]]*\]))(?<optional>\?)?(?<rest>[\s\S]*)$/;

/**
 * Reads the members of an exported interface from its source. It knows what these sources use (comments, fields, methods) and
 * throws for anything else, so that a page is either whole or not written.
 */
export function readInterface(source: string, name: string): readonly MemberDoc[] {
  const start = new RegExp(`^export interface ${name}\\b[^{]*\\{`, "m").exec(source);
  if (!start) throw new Error(`there is no exported interface ${name}`);
  const members: MemberDoc[] = [];
  let doc = "";
  let at = start.index + start[0].length;
  for (;;) {
    const rest = source.slice(at);
    const skipped = lineComment.exec(rest) ?? comment.exec(rest);
    if (skipped) {
      if (skipped[1] !== undefined) doc = skipped[1];
      at += skipped[0].length;
      continue;
    }
    if (/^\s*\}/.test(rest)) return members;
    const text = memberText(rest);
    members.push(memberDoc(text.trim(), doc));
    doc = "";
    at += text.length + 1;
  }
}

/** Up to the semicolon that ends the member; those inside brackets do not. */
function memberText(rest: string): string {
  let depth = 0;
  for (let index = 0; index < rest.length; index += 1) {
    const letter = rest.charAt(index);
    if ("({[".includes(letter)) depth += 1;
    if (")}]".includes(letter)) depth -= 1;
    if (letter === ";" && depth === 0) return rest.slice(0, index);
  }
  throw new Error(`no end of the member that begins with ${rest.trim().slice(0, 40)}`);
}

function memberDoc(text: string, doc: string): MemberDoc {
  const { quoted, plain, optional, rest = "" } = named.exec(text)?.groups ?? {};
  const name = quoted ?? plain;
  if (name === undefined) throw new Error(`not the member of an interface: ${text}`);
  const said = doc.replaceAll(/\s*\n\s*\*? ?/g, " ").trim();
  return {
    name,
    isOptional: optional === "?",
    type: oneLine(rest.startsWith(":") ? rest.slice(1) : rest),
    text: said.split(/@(?:defaultValue|throws)\b/, 1)[0]?.trim() ?? "",
    fallback: /@defaultValue\s+(.*?)\s*(?=@throws|$)/.exec(said)?.[1] ?? null,
    throws: /@throws\s+(.*?)\s*(?=@defaultValue|$)/.exec(said)?.[1] ?? null,
  };
}

function oneLine(type: string): string {
  return type
    .replaceAll(/\/\*\*[\s\S]*?\*\//g, "")
    .replaceAll(/\/\/[^\n]*/g, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/([([]) /g, "$1")
    .replaceAll(/,? ([)\]])/g, "$1")
    .trim()
    .replace(/^\| /, "");
}
