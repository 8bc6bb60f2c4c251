// The GPT-2 family and the course page's MiniGPT: presets, parameter counts, initialisation, forward.
export {};
