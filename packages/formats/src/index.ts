// Bytes in, bytes out: safetensors and tokenizer.json.
export { FormatError, type FormatErrorCode } from './errors.js';
export { bytesReader, fileReader, type ByteReader } from './reader.js';
export { dtypes, isDtype, toFloat32, toInt32, type DtypeName } from './dtypes.js';
export {
  headerLength,
  longestHeader,
  parseHeader,
  type SafetensorsHeader,
  type TensorEntry,
} from './safetensors-header.js';
export { openSafetensors, type SafetensorsFile } from './safetensors-read.js';
export {
  safetensorsSize,
  streamSafetensors,
  writeSafetensors,
  type TensorData,
  type TensorToWrite,
  type TensorsToWrite,
} from './safetensors-write.js';
export {
  mergePairs,
  parseTokenizerJson,
  readTokenizerJson,
  writeTokenizerJson,
  type PreTokenizerJson,
  type TokenizerJson,
} from './tokenizer-json.js';
