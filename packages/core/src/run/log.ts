// The append-only log of a run: every watcher gets the history, then what comes. Beside this file only watch.ts knows rxjs.
import { Observable, Subject } from 'rxjs';
import type { RunEvent } from '../events.js';

export interface RunLog {
  readonly events: Observable<RunEvent>;
  say(event: RunEvent): void;
  /** The log never errors: its last event says how the run ended. */
  close(): void;
}

/** A new, empty log. */
export const runLog = (): RunLog => {
  const history: RunEvent[] = [];
  const live = new Subject<RunEvent>();
  const events = new Observable<RunEvent>((watcher) => {
    // what is said while the history is told is appended to it, so the loop tells it in its order
    for (let i = 0; i < history.length && !watcher.closed; i++) watcher.next(history[i]!);
    return live.subscribe(watcher);
  });
  return {
    events,
    say(event) {
      history.push(event);
      live.next(event);
    },
    close: () => live.complete(),
  };
};
