// Constitutional AI: principles as data, critiques and revisions by them, AI feedback, judges at endpoints.
export {
  constitutionDigest,
  constitutionSchema,
  type Constitution,
  type Principle,
} from './principles/constitution.js';
export { constitutionOption, constitutions, type ConstitutionName } from './principles/packs.js';
