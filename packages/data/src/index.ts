// Sources, cleaning, deduplication, tokenizer training and packing as stages.
export {};
