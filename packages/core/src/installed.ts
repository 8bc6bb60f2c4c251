// What is installed, as a service: for a stage that finds a part by a name that it reads from its inputs.
import { choose, makeParts, type Parts } from './choice.js';
import type { Services } from './container.js';
import type { PartRole } from './part.js';
import { token, type Token } from './token.js';

export interface Installed {
  /** The part of that role and name, made of these options. Throws `unknown-name` with near misses, or `bad-options`. */
  make<Role extends string, Value>(
    role: PartRole<Role, Value>,
    name: string,
    options?: Readonly<Record<string, unknown>>,
  ): Promise<Value>;
  /** Names of the installed parts of a role, sorted. */
  names<Role extends string, Value>(role: PartRole<Role, Value>): readonly string[];
}

/** `needs: { installed: Installed }`. */
export const Installed: Token<Installed> = token<Installed>('@ingot/core', 'installed');

/** The service over the parts of one ingot. */
export const installedParts = (parts: Parts, services: Services): Installed => ({
  make: async (role, name, options = {}) => {
    const chosen = choose(role.role, name, options, parts, 'The service Installed');
    services.reach(Object.values(chosen.part.needs), `The ${role.role} '${name}'`);
    return makeParts(chosen, (needs) => services.resolve(needs)) as never;
  },
  names: (role) =>
    [...parts.values()]
      .filter((part) => part.role === role.role)
      .map((part) => part.name)
      .sort(),
});
