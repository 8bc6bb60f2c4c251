// Bytes in, bytes out: safetensors and tokenizer.json.
export {};
