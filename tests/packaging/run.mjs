// Packaging proofs: what we would publish, installed from its tarballs into empty projects outside of the repository.
// node tests/packaging/run.mjs [words of the proofs to run]
import { proveAlone } from './proofs/alone.mjs';
import { proveChangesets } from './proofs/changesets.mjs';
import { proveConsumers } from './proofs/consumers.mjs';
import { proveDoctor } from './proofs/doctor.mjs';
import { proveManifests } from './proofs/manifests.mjs';
import { proveThirdParty } from './proofs/third-party.mjs';
import { proveTwoCopies } from './proofs/two-copies.mjs';
import { proof, tally } from './lib/proof.mjs';
import { packAll } from './lib/tarballs.mjs';

const PROOFS = {
  manifests: proveManifests,
  alone: proveAlone,
  'two-copies': proveTwoCopies,
  consumers: proveConsumers,
  'third-party': proveThirdParty,
  doctor: proveDoctor,
  changesets: proveChangesets,
};
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !PROOFS[name]);
if (unknown.length) {
  console.error(`Unknown proofs: ${unknown.join(', ')}. Known: ${Object.keys(PROOFS).join(', ')}.`);
  process.exit(2);
}

let tarballs;
proof('pnpm pack of every public package', () => {
  tarballs = packAll();
  return `${tarballs.size} tarballs`;
});
if (tarballs)
  for (const [name, prove] of Object.entries(PROOFS)) if (wanted.length === 0 || wanted.includes(name)) prove(tarballs);

const { passed, failed } = tally();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
