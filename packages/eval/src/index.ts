// Measures of language models beside named baselines.
export {};
