// Contents as a template spells them: as they are, or without the blanks around them, so that all parts joined are its text to the byte.
import type { Part } from './render.js';

/** What a template may make of a content. */
const ways = (content: string): readonly string[] => [
  ...new Set([content, content.trim(), content.trimStart(), content.trimEnd()]),
];

/** The contents by message such that the parts joined are `text`, or undefined when there are none: the template changes contents in another way, or looks at them. */
export const contentsIn = (
  text: string,
  parts: readonly Part[],
  contents: readonly string[],
): readonly string[] | undefined => {
  const chosen = [...contents];
  const hopeless = new Set<string>();
  const follow = (part: number, at: number): boolean => {
    const next = parts[part];
    if (!next) return at === text.length;
    const key = `${part},${at}`;
    if (hopeless.has(key)) return false;
    for (const way of 'text' in next ? [next.text] : ways(contents[next.message]!))
      if (text.startsWith(way, at) && follow(part + 1, at + way.length)) {
        if ('message' in next) chosen[next.message] = way;
        return true;
      }
    hopeless.add(key);
    return false;
  };
  return follow(0, 0) ? chosen : undefined;
};
