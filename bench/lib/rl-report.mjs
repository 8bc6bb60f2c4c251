// Tokens a second of rounds: of generation (tokens made), of what follows it (tokens of prompts and answers that each update is fed), and of both (tokens made).

/** `rounds`: of each the tokens made, the prompts' tokens that were fed with them, and the seconds of generation and of all that followed. */
export const rlReport = (rounds, { updates, warmup }) => {
  const timed = rounds.slice(warmup);
  const sum = (of) => timed.reduce((total, round) => total + of(round), 0);
  const [made, fed] = [sum((round) => round.made), sum((round) => round.fed)];
  const [generation, update] = [sum((round) => round.generation), sum((round) => round.update)];
  return {
    made,
    fed,
    generation: made / generation,
    update: ((made + fed) * updates) / update,
    whole: made / (generation + update),
    generationMilliseconds: (generation * 1000) / timed.length,
    updateMilliseconds: (update * 1000) / timed.length,
  };
};
