// Counts what is wrong with rows while they are read, decides which of them stay, and says it in a table and warnings.
import { createHash } from 'node:crypto';
import { IngotError } from '@ingot/core';
import type { ShapedRow } from '../shapes/shape.js';
import { DUPLICATE, PROBLEM_NAMES, PROBLEMS, type Problem, type ProblemName } from './problems.js';

export type Drop = boolean | readonly ProblemName[];
const KNOWN: readonly (Omit<Problem, 'is'> & { readonly name: ProblemName })[] = [...PROBLEMS, DUPLICATE];
const SHOWN = 3;

const rowsWith = (count: number, about: string): string => `${count} ${count === 1 ? 'row' : 'rows'} ${about}`;

/** One reader's lint. Rows go through `keeps`; when all have been read, `finish` throws or says what was found. */
export class Lint {
  private read = 0;
  private dropped = 0;
  private readonly found = new Map<ProblemName, string[]>();
  private readonly seen = new Set<string>();
  private judged = 0;
  private contrary = 0;

  constructor(private readonly drop: Drop) {}

  private drops(name: ProblemName): boolean {
    return this.drop === true || (Array.isArray(this.drop) && this.drop.includes(name));
  }

  private note(name: ProblemName, where: string): void {
    const places = this.found.get(name) ?? [];
    places.push(where.replace(/^.*[/\\]/, '')); // the folder is said once, at the beginning
    this.found.set(name, places);
  }

  /** Whether a row stays. */
  keeps(row: ShapedRow, where: string): boolean {
    this.read++;
    if (row.gives === 'ranked' && row.agrees !== undefined) {
      this.judged++;
      if (!row.agrees) this.contrary++;
    }
    const names: ProblemName[] = PROBLEMS.filter(({ is }) => is(row)).map(({ name }) => name);
    const digest = createHash('sha256').update(JSON.stringify(row)).digest('base64');
    if (this.seen.has(digest)) names.push(DUPLICATE.name);
    this.seen.add(digest);
    for (const name of names) this.note(name, where);
    const stays = names.every(
      (name) => !this.drops(name) && KNOWN.find((known) => known.name === name)!.outcome !== 'leave-out',
    );
    if (!stays) this.dropped++;
    return stays;
  }

  private fate(problem: (typeof KNOWN)[number]): string {
    return problem.outcome === 'leave-out' || this.drops(problem.name) ? 'left out' : 'kept';
  }

  /** Throws 'bad-input' for rows that may not stay and were not dropped, and where every row has identical answers. */
  check(source: string): void {
    const places = (name: ProblemName) => {
      const all = this.found.get(name) ?? [];
      return `${all.slice(0, SHOWN).join(', ')}${all.length > SHOWN ? ', …' : ''}`;
    };
    for (const problem of KNOWN) {
      const count = this.found.get(problem.name)?.length ?? 0;
      const all = problem.name === 'identical' && count > 0 && count === this.read;
      if (all || (count > 0 && problem.outcome === 'refuse' && !this.drops(problem.name)))
        throw new IngotError(
          'bad-input',
          `${source}: wanted ${all ? 'answers that differ' : 'a prompt and an answer in every row'}, got ${rowsWith(count, problem.about)} (${places(problem.name)})${all ? ': all of them' : ''}. ${all ? 'Check which columns were read: both may come from the same one.' : problem.attempt}`,
        );
    }
  }

  /** A row a finding, between how many were read and how many stayed. */
  table(): readonly Readonly<Record<string, string | number>>[] {
    return [
      { rows: 'read', count: this.read, outcome: '' },
      ...PROBLEM_NAMES.flatMap((name) => {
        const count = this.found.get(name)?.length ?? 0;
        return count > 0
          ? [{ rows: name, count, outcome: this.fate(KNOWN.find((known) => known.name === name)!) }]
          : [];
      }),
      { rows: 'left', count: this.read - this.dropped, outcome: '' },
    ];
  }

  /** A line for every finding that should be known. */
  warnings(): readonly string[] {
    const lines = KNOWN.flatMap((problem) => {
      const places = this.found.get(problem.name) ?? [];
      if (places.length === 0) return [];
      const first = `${places.slice(0, SHOWN).join(', ')}${places.length > SHOWN ? ', …' : ''}`;
      const outcome = this.fate(problem) === 'left out' ? 'They are left out.' : problem.attempt;
      return [
        `${rowsWith(places.length, problem.about)} (${first}). ${problem.outcome === 'leave-out' ? `${problem.attempt} ` : ''}${outcome}`,
      ];
    });
    if (this.contrary * 2 > this.judged)
      lines.push(
        `In ${this.contrary} of ${this.judged} rows with scores or ranks, the answer that stands as the better one has the worse score: are the columns swapped? Then set columns: { chosen: 'rejected', rejected: 'chosen' }.`,
      );
    return lines;
  }
}
