// The plugin keeps the contracts of a stage and of a sampler.
import { data } from '@ingot/contracts/fakes';
import { samplerSuite, stageSuite } from '@ingot/testing';
import plugin, { even } from './plugin.js';

samplerSuite('even', { make: () => even.make({} as never, {} as never) as never });
stageSuite('letters', {
  plugins: [data, plugin],
  recipe: {
    name: 'letters',
    stages: { text: { use: 'text', how: { path: 'a' } }, letters: { use: 'letters', from: { text: 'text.text' } } },
    outputs: { report: 'letters.report' },
  },
  stage: 'letters',
  views: [{ title: 'Another' }],
});
