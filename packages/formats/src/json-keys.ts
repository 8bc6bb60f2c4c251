// JSON.parse keeps the last of two equal names in silence; here the second one is found.

/** The first name that one object of a valid JSON text has twice, as it is after unescaping; undefined when there is none. */
export function duplicateKey(json: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let last: string | undefined;
  for (const [word] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/gs)) {
    if (word === '{') open.push(new Set());
    else if (word === '[') open.push(undefined);
    else if (word === '}' || word === ']') open.pop();
    else if (word === ':') {
      const names = open.at(-1)!;
      const name = JSON.parse(last!) as string;
      if (names.has(name)) return name;
      names.add(name);
    } else last = word;
  }
  return undefined;
}
