// Kinds of artifacts of the language-model world, and the lattice between them: lineage is in the types.
import { kind, narrow } from '@ingot/core';
import { adapterCodec } from './codecs/adapter.js';
import { designCodec } from './codecs/design.js';
import { modelCodec } from './codecs/model.js';
import { referenceScoresCodec } from './codecs/reference-scores.js';
import { rowsCodec } from './codecs/rows.js';
import { textCodec } from './codecs/text.js';
import { tokenizerCodec } from './codecs/tokenizer.js';
import { tokensCodec } from './codecs/tokens.js';
import type {
  AdapterValue,
  DesignValue,
  ExampleRow,
  FeedbackRow,
  ModelValue,
  ReferenceScoresValue,
  ReportValue,
  RowsValue,
  SampleRow,
  TextValue,
  TokenizerValue,
  TokensValue,
} from './values.js';

/** What these kinds inherit from the artifacts they are made of: two different tokenizers in one stage are refused. */
const carries = ['tokenizer'] as const;

/** Documents of plain text. */
export const Text = kind<TextValue>()('@ingot/contracts/text', { codec: textCodec });
/** A trained or imported tokenizer. */
export const Tokenizer = kind<TokenizerValue>()('@ingot/contracts/tokenizer', { codec: tokenizerCodec, carries });
/** Token ids of a training and a validation split. */
export const Tokens = kind<TokensValue>()('@ingot/contracts/tokens', { codec: tokensCodec, carries });
/** What to build, without weights. */
export const Design = kind<DesignValue>()('@ingot/contracts/design', { codec: designCodec, carries });

/** Weights after pretraining: it continues text. */
export const Model = kind<ModelValue>()('@ingot/contracts/model', { codec: modelCodec, carries });
/** A model that was tuned on, or is known to follow, a chat format. */
export const ChatModel = narrow(Model, '@ingot/contracts/chat-model');
/** A chat model after an alignment stage: what may be served. */
export const AlignedModel = narrow(ChatModel, '@ingot/contracts/aligned-model');
/** A model with a scalar head: its tensors hold `reward.weight` (1, C) and, where it has one, `reward.bias` (1). */
export const RewardModel = kind<ModelValue>()('@ingot/contracts/reward-model', { codec: modelCodec, carries });

/** What an adapter learnt over a model that stayed as it is: of no use without that model, and small. */
export const Adapter = kind<AdapterValue>()('@ingot/contracts/adapter', { codec: adapterCodec, carries });

/** Feedback rows of which only the prompts count. */
export const Prompts = kind<RowsValue<FeedbackRow>>()('@ingot/contracts/prompts', { codec: rowsCodec('feedback') });
/** Feedback rows whose completions carry a label, or a ranking that can be read as one. */
export const Labels = narrow(Prompts, '@ingot/contracts/labels');
/** Feedback rows with two or more ranked completions. */
export const Pairs = narrow(Labels, '@ingot/contracts/pairs');
/** Conversations for supervised tuning. */
export const Examples = kind<RowsValue<ExampleRow>>()('@ingot/contracts/examples', { codec: rowsCodec('examples') });
/** Log-probabilities of feedback's completions under a model that stays as it is. */
export const ReferenceScores = kind<ReferenceScoresValue>()('@ingot/contracts/reference-scores', {
  codec: referenceScoresCodec,
  carries,
});
/** What a model said. */
export const Samples = kind<RowsValue<SampleRow>>()('@ingot/contracts/samples', { codec: rowsCodec('samples') });
/** A table of measures. */
export const Report = kind<ReportValue>()('@ingot/contracts/report');
