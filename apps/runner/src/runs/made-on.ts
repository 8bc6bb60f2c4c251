// On what device, instruction set and threads a run's artifacts were made, as their manifests say.
import { artifactManifest, type Store } from '@ingot/core';

/** What the services said of themselves when the artifacts of these keys were made, each once; undefined where none is made or none said anything. */
export const madeOn = async (store: Store, keys: Iterable<string>): Promise<string | undefined> => {
  const said = await Promise.all(
    [...keys].map((key) =>
      artifactManifest(store, key).then(
        ({ about }) => Object.values(about),
        () => [], // not made in this run, or no longer there
      ),
    ),
  );
  return [...new Set(said.flat())].join('; ') || undefined;
};
