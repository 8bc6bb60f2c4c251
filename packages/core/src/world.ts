// Everything that a set of plugins installs, by name; what does not fit together is refused before any work.
import { partAddress } from './choice.js';
import { Services } from './container.js';
import { eventSchemas, type EventSchemas } from './event-schemas.js';
import { Installed, installedParts } from './installed.js';
import * as messages from './messages.js';
import type { AnyPart } from './part.js';
import { CORE_MAJOR, fromAnotherCopy, type Plugin } from './plugin.js';
import type { AnyStage } from './stage.js';
import type { Bind } from './token.js';

export interface World {
  readonly plugins: readonly Plugin[];
  readonly stages: ReadonlyMap<string, AnyStage>;
  /** By `partAddress`. */
  readonly parts: ReadonlyMap<string, AnyPart>;
  readonly events: EventSchemas;
  readonly services: Services;
  /** The plugin that a stage or a part address comes from. */
  readonly owners: ReadonlyMap<string, Plugin>;
}

export const APPLICATION = 'the application';
/** A plugin in messages. */
export const labelOf = ({ name, version }: Plugin): string => (version === undefined ? name : `${name}@${version}`);

/** Throws `bad-plugin`, `two-cores` or `duplicate`. */
export const makeWorld = (plugins: readonly Plugin[], own?: (bind: Bind) => void): World => {
  const services = new Services();
  const stages = new Map<string, AnyStage>();
  const parts = new Map<string, AnyPart>();
  const owners = new Map<string, Plugin>();
  const claimed = new Map<string, string>();
  const claim = (what: string, plugin: string) => {
    const owner = claimed.get(what);
    if (owner !== undefined) throw messages.claimedTwice(what, owner, plugin);
    claimed.set(what, plugin);
  };

  for (const plugin of plugins) {
    const label = labelOf(plugin);
    if (fromAnotherCopy(plugin)) throw messages.twoCores(label);
    if (plugin.core !== undefined && plugin.core !== CORE_MAJOR)
      throw messages.otherMajor(label, plugin.core, CORE_MAJOR);
    claim(`Plugin '${plugin.name}'`, label);
    for (const stage of plugin.stages ?? []) {
      claim(`Stage '${stage.name}'`, label);
      stages.set(stage.name, stage);
      owners.set(stage.name, plugin);
    }
    for (const part of plugin.parts ?? []) {
      const address = partAddress(part.role, part.name);
      claim(`The ${part.role} '${part.name}'`, label);
      parts.set(address, part);
      owners.set(address, plugin);
    }
  }
  services.binder('@ingot/core').value(Installed, installedParts(parts, services));
  for (const plugin of plugins) plugin.services?.(services.binder(labelOf(plugin)));
  own?.(services.binder(APPLICATION, true));
  return { plugins, stages, parts, events: eventSchemas(plugins), services, owners };
};
