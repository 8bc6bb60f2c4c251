// The stack of open scopes: where a new tensor reports, so that the innermost scope frees it.

export interface Owned {
  dispose(): void;
}

/** The innermost open scope's list of what was made in it; undefined outside of every scope. */
let current: Set<Owned> | undefined;

/** Reports a new tensor to the innermost open scope; outside of every scope its maker owns it. */
export function adopt(owned: Owned): void {
  current?.add(owned);
}

/** Opens a scope; gives the list it collects and how to close it again. */
export function openScope(): { readonly made: Set<Owned>; close(): void } {
  const outer = current;
  const made = new Set<Owned>();
  current = made;
  return {
    made,
    close: () => {
      current = outer;
    },
  };
}
