// Plugins that must not compile: stages, parts and services that do not keep their contract.
import { createIngot, defineStage, type Token } from '@ingot/core';
import { Align, AlignedModel, Architecture, Clock, Device, Evaluator, Family, Model, Optimiser, Quantise, RewardModel, Sampler, Schedule, Text, Tokenizer } from '@ingot/contracts';
import { fakeEvaluator, fakeFamily } from '@ingot/contracts/fakes';
import * as z from 'zod';

const options = z.strictObject({});

// roles
// @ts-expect-error an output port with another name
Align.stage({ name: 'a', version: 1, options, async *run({ inputs }) { return { modle: inputs.model }; } });
// @ts-expect-error a value of another kind
Align.stage({ name: 'a', version: 1, options, async *run({ inputs }) { return { model: inputs.feedback }; } });
// @ts-expect-error a player asks for more than its role gives
Align.stage({ name: 'b', version: 1, ports: { model: AlignedModel }, options, async *run({ inputs }) { return { model: inputs.model }; } });
// @ts-expect-error a player adds a port that callers of the role do not give
Align.stage({ name: 'c', version: 1, ports: { critic: RewardModel }, options, async *run({ inputs }) { return { model: inputs.model }; } });
// @ts-expect-error an option that was not declared
Align.stage({ name: 'a', version: 1, options, async *run({ inputs, options: given }) { given.q; return { model: inputs.model }; } });
// @ts-expect-error an optional input may be absent
Quantise.stage({ name: 'a', version: 1, options, async *run({ inputs }) { inputs.calibration.splits; return { model: inputs.model }; } });
// @ts-expect-error an architecture gives a design, not a model
Architecture.stage({ name: 'a', version: 1, options, async *run({ inputs }) { return { design: inputs.tokenizer }; } });

// stages
// @ts-expect-error a service that was not asked for
defineStage({ name: 'a', version: 1, inputs: { t: Tokenizer }, outputs: { t: Tokenizer }, needs: { device: Device }, options, async *run({ inputs, services }) { services.devise; return inputs; } });
// @ts-expect-error sameAs names no input
defineStage({ name: 'a', version: 1, inputs: { model: Model }, outputs: { model: { sameAs: 'modle' } }, options, async *run({ inputs }) { return inputs; } });
// @ts-expect-error an event nobody declared
defineStage({ name: 'a', version: 1, inputs: { t: Text }, outputs: { t: Text }, options, async *run({ inputs }) { yield { type: 'metrics', step: 1 }; return inputs; } });
// @ts-expect-error an event without what it must say
defineStage({ name: 'a', version: 1, inputs: { t: Text }, outputs: { t: Text }, options, async *run({ inputs }) { yield { type: 'metric', step: 1 }; return inputs; } });
// @ts-expect-error a stage without a version has no key
defineStage({ name: 'a', inputs: { t: Text }, outputs: { t: Text }, options, async *run({ inputs }) { return inputs; } });

// parts
// @ts-expect-error a part that makes something else
Optimiser.part({ name: 'sgd', version: 1, options, make: () => ({ begin: () => 0 }) });
// @ts-expect-error a schedule gives a number
Schedule.part({ name: 's', version: 1, options, make: () => (step: number) => String(step) });
// @ts-expect-error a sampler works on logits
Sampler.part({ name: 's', version: 1, options, make: () => (logits: string) => logits });
// @ts-expect-error a family without a forward
Family.part({ name: 'f', version: 1, options, make: () => { const { forward: _, ...rest } = fakeFamily; return rest; } });

// services
// @ts-expect-error a service of another shape
createIngot({ plugins: [], services: (bind) => bind.value(Clock, { time: () => 0 }) });
class Stopwatch implements Clock { constructor(readonly evaluator: Evaluator) {} now() { return 0; } }
// @ts-expect-error a constructor given another service
createIngot({ plugins: [], services: (bind) => bind.class(Clock, Stopwatch, [Clock]) });
// @ts-expect-error a constructor given nothing
createIngot({ plugins: [], services: (bind) => bind.class(Clock, Stopwatch, []) });
// @ts-expect-error a factory that makes something else
createIngot({ plugins: [], services: (bind) => bind.factory(Evaluator, { clock: Clock }, ({ clock }) => clock) });
// @ts-expect-error a token of one service where another is wanted
((_: Token<Clock>) => 0)(Evaluator);
export const fine = createIngot({ plugins: [], services: (bind) => bind.factory(Evaluator, {}, fakeEvaluator) });
