// Tokenizers: char, byte and byte-level BPE; encode, decode, train.
export {};
