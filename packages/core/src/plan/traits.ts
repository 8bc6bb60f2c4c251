// Traits of artifacts, such as which tokenizer they were made with: inherited from inputs, and two that differ are refused.
import * as messages from '../messages.js';
import { refsOf, type Node, type Nodes } from '../wiring.js';

interface Origin {
  readonly key: string;
  readonly stage: string;
}
type Traits = ReadonlyMap<string, Origin>;

/** Follows traits through a pipeline in its order; `keys` are the stages' keys. Throws `bad-wiring` and names both origins. */
export const checkTraits = (pipeline: string, nodes: Nodes, keys: ReadonlyMap<string, string>): void => {
  const carried = new Map<string, Traits>();
  for (const node of nodes.values()) carried.set(node.id, traitsOf(pipeline, node, keys.get(node.id)!, carried));
};

const traitsOf = (pipeline: string, node: Node, key: string, carried: ReadonlyMap<string, Traits>): Traits => {
  const inherited = new Map<string, Origin>();
  const by = new Map<string, string>();
  for (const [port, given] of Object.entries(node.inputs))
    for (const ref of refsOf(given))
      for (const trait of ref.kind.carries) {
        const origin = carried.get(ref.stage)!.get(trait)!;
        const here = `'${port}' from '${ref.stage}.${ref.port}' has that of '${origin.stage}'`;
        const other = inherited.get(trait);
        if (other && other.key !== origin.key && !node.stage.mixes?.includes(trait))
          throw messages.mixedTraits(`Stage '${node.id}' of pipeline '${pipeline}'`, trait, by.get(trait)!, here);
        if (other) continue;
        inherited.set(trait, origin);
        by.set(trait, here);
      }
  const own = { key, stage: node.id };
  const kinds = Object.values(node.stage.outputs).map((out) =>
    'sameAs' in out ? refsOf(node.inputs[out.sameAs]!)[0]!.kind : out,
  );
  for (const trait of kinds.flatMap((kind) => kind.carries)) if (!inherited.has(trait)) inherited.set(trait, own);
  return inherited;
};
