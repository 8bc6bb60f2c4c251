// Tokenizers (char, byte and byte-level BPE: encode, decode, train) and conversations as tokens with what is learnt of them.
export { compileExtract, extractAnswer, NORMALISE, type Normalisation } from './answers.js';
export { BYTE_CHARACTERS, fromAlphabet, toAlphabet } from './byte-alphabet.js';
export { ByteLevelBpe, type ByteLevelModel } from './byte-level-bpe.js';
export { Characters } from './characters.js';
export { loadTokenizer } from './load-tokenizer.js';
export { tokenizerFromRanks } from './ranks.js';
export { compilePattern, SPLIT_PATTERNS, splitText, type SplitPatternName } from './split-patterns.js';
export { StreamDecoder } from './stream-decoder.js';
export { END_OF_TEXT, type EncodeOptions, type Tokenizer } from './tokenizer.js';
export { tokenizerValue } from './tokenizer-value.js';
export { PieceCounts, trainBpe, type BpeTrainingOptions, type TrainedBpe } from './train-bpe.js';
export { byteLevelJson, charactersJson } from './write-tokenizer.js';
export { controlTokensOf } from './chat/control-tokens.js';
export { checkChat, sameChat } from './chat/drift.js';
export {
  encodeCompletion,
  encodeExample,
  encodePrompt,
  showPrompt,
  type EncodedCompletion,
  type EncodedExample,
} from './chat/encode.js';
export { chatEncoder, type ChatEncoder } from './chat/encoder.js';
export { chatFormats, type ChatFormatName } from './chat/formats.js';
export { maskRuns, showMask, type MaskRun } from './chat/show-mask.js';
