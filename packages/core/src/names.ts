// Names that people type and files carry: lower-case words joined by dashes.
import * as messages from './messages.js';

/** Throws `bad-name` unless the name is lower-case words joined by dashes. */
export const validName = (name: string, what: string): void => {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw messages.badName(what, name);
};

/** Throws `bad-name` unless a kind's name is such words, after its package and a slash where it has one: '@ingot/contracts/model'. */
export const validKindName = (name: string): void =>
  validName(name.replace(/^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*\/(?=[^/]*$)/, ''), 'Kind');
