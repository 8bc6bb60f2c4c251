// Pretraining: the stage, its evaluation, checkpoints and bit-exact resume.
export {};
