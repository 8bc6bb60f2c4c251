// Watching as an Observable of runs: subscribing starts it, unsubscribing stops watching and cancels the run under way.
import { Observable } from 'rxjs';
import { messageOf } from '../errors.js';
import type { Refs } from './run.js';
import { watchSession, type Opened, type SessionContext, type Watchable, type WatchedRun } from './watch-session.js';

/**
 * Runs what `open` opens, and again whenever its plan changes. Each subscriber has a session of its own.
 * Completes when the outer signal aborts and the run under way has ended; errors only with what the store's `open` throws.
 */
export const observeRuns = <Out extends Refs, How, O extends Opened<Watchable<Out, How>>>(
  context: Omit<SessionContext<Out, How, O>, 'emit'> & {
    readonly signal?: AbortSignal | undefined;
    readonly emit?: SessionContext<Out, How, O>['emit'];
  },
): Observable<WatchedRun<Out>> =>
  new Observable((watcher) => {
    const abort = new AbortController();
    const { signal: outer } = context;
    const follow = () => abort.abort(messageOf(outer?.reason));
    if (outer?.aborted) follow();
    else outer?.addEventListener('abort', follow, { once: true });
    const emit: SessionContext<Out, How, O>['emit'] = (run, opened) => {
      context.emit?.(run, opened);
      watcher.next(run);
    };
    watchSession({ ...context, emit }, abort.signal).then(
      () => watcher.complete(),
      (error: unknown) => watcher.error(error),
    );
    return () => {
      outer?.removeEventListener('abort', follow);
      abort.abort('nobody watches any more');
    };
  });
