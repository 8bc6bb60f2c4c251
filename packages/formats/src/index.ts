// Bytes in, bytes out: safetensors and tokenizer.json.
export { FormatError, type FormatErrorCode } from './errors.js';
export { mergePairs, parseTokenizerJson, type PreTokenizerJson, type TokenizerJson } from './tokenizer-json.js';
