// KV cache, ragged generation, log-probabilities and streaming.
export {};
